package org.postbus.delivery.dsn;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.postbus.events.Envelope;
import org.postbus.events.MailRecord;
import org.postbus.events.Topics;

/** A mail made here as records of the event log: one, or chunks where it is large. */
final class MailParts {

    private MailParts() {
    }

    static List<MailRecord<Envelope>> of(Envelope envelope, byte[] data) {
        if (data.length <= Topics.CHUNK_OCTETS) {
            return List.of(new MailRecord.Whole<>(envelope.mailId(), envelope, data));
        }
        List<MailRecord<Envelope>> parts = new ArrayList<>();
        for (int from = 0; from < data.length; from += Topics.CHUNK_OCTETS) {
            byte[] chunk = Arrays.copyOfRange(data, from, Math.min(data.length, from + Topics.CHUNK_OCTETS));
            parts.add(from == 0
                    ? new MailRecord.FirstChunk<>(envelope.mailId(), envelope, chunk)
                    : new MailRecord.Chunk<>(envelope.mailId(), parts.size(), chunk));
        }
        parts.add(new MailRecord.Closing<>(envelope.mailId(), parts.size(), data.length, sha256(data)));
        return parts;
    }

    private static String sha256(byte[] data) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(data));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
