package org.postbus.delivery.relay;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.postbus.delivery.dkim.BodyHash;
import org.postbus.delivery.queue.Chunks;
import org.postbus.delivery.queue.Octets;
import org.postbus.delivery.queue.QueuedMail;
import org.postbus.protocol.message.Completed;
import org.postbus.protocol.message.HeaderCompletion;

/**
 * A mail as it leaves: our signature, the trace fields, the client's header section and body. Read as a stream; no more than one
 * chunk of it is in memory.
 */
final class MailOctets {

    private final QueuedMail mail;
    private final Chunks chunks;
    private final byte[] first;
    private final Completed completed;
    private final byte[] above;

    MailOctets(QueuedMail mail, byte[] first, Chunks chunks, Signer signer) throws IOException {
        this.mail = mail;
        this.first = first;
        this.chunks = chunks;
        this.completed = HeaderCompletion.relayed(first, mail.envelope().removedFields());
        String signature = signer.signature(mail.envelope(), completed.replacement(), this::bodyHash);
        this.above = (signature + mail.envelope().traceFields()).getBytes(StandardCharsets.UTF_8);
    }

    byte[] first() {
        return first;
    }

    long size() {
        return above.length + completed.replacement().length + mail.octets() - completed.consumed();
    }

    boolean eightBit() {
        return mail.eightBit() || Octets.eightBit(above);
    }

    /** Whether it needs a transport that knows header fields outside ASCII (RFC 6531, section 3.6), the trace fields among them. */
    boolean utf8Header() {
        return mail.envelope().protocol().startsWith("UTF8") && (Octets.eightBit(above) || Octets.eightBit(completed.replacement()));
    }

    /** All of it; a chunk that cannot be read ends it with an exception. */
    InputStream open() {
        return new SequenceInputStream(Collections.enumeration(List.of(new ByteArrayInputStream(above),
                new ByteArrayInputStream(completed.replacement()), body())));
    }

    private InputStream body() {
        return new SequenceInputStream(
                new ByteArrayInputStream(first, completed.consumed(), first.length - completed.consumed()), new Rest());
    }

    private byte[] bodyHash() throws IOException {
        BodyHash hash = new BodyHash();
        byte[] buffer = new byte[64 * 1024];
        try (InputStream body = body()) {
            for (int read = body.read(buffer); read >= 0; read = body.read(buffer)) {
                hash.update(buffer, 0, read);
            }
        }
        return hash.digest();
    }

    /** The chunks after the first, each read when its turn comes. */
    private final class Rest extends InputStream {

        private int next = 1;
        private InputStream chunk = InputStream.nullInputStream();

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            int read = chunk.read(target, offset, length);
            while (read < 0 && next < mail.chunks()) {
                chunk = new ByteArrayInputStream(load(next++));
                read = chunk.read(target, offset, length);
            }
            return read;
        }

        private byte[] load(int n) throws IOException {
            try {
                Optional<byte[]> data = chunks.read(mail.mailId(), n);
                return data.orElseThrow(() -> new IOException("chunk " + n + " is gone"));
            } catch (SQLException e) {
                throw new IOException("chunk " + n + " cannot be read", e);
            }
        }
    }
}
