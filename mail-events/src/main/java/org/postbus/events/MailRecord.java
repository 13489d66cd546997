package org.postbus.events;

import java.util.UUID;

/**
 * A record of {@code mail.accepted} (E is {@link Envelope}) or {@code mail.routed} (E is {@link RoutedEnvelope}).
 * Mail of up to {@link Topics#CHUNK_OCTETS} is one {@link Whole}; larger mail is a {@link FirstChunk}, more
 * {@link Chunk}s and a {@link Closing}, all in one partition.
 */
public sealed interface MailRecord<E> {

    UUID mailId();

    /** A mail in one record. */
    record Whole<E>(UUID mailId, E envelope, byte[] data) implements MailRecord<E> {
    }

    /** Chunk number 0; bears the envelope and the whole header section. */
    record FirstChunk<E>(UUID mailId, E envelope, byte[] data) implements MailRecord<E> {
    }

    /** Chunk number {@code n}, 1 and up. */
    record Chunk<E>(UUID mailId, int n, byte[] data) implements MailRecord<E> {
    }

    /**
     * Makes the mail: before it, the chunks are nothing.
     *
     * @param chunks how many
     * @param octets of all chunks
     * @param sha256 of all octets in order, lower-case hexadecimal
     * @param edits  what a filter wants of the header section, now that it has seen all of the mail
     */
    record Closing<E>(UUID mailId, int chunks, long octets, String sha256, HeaderEdits edits) implements MailRecord<E> {

        /** Of a mail that no filter wants to change. */
        public Closing(UUID mailId, int chunks, long octets, String sha256) {
            this(mailId, chunks, octets, sha256, HeaderEdits.NONE);
        }
    }
}
