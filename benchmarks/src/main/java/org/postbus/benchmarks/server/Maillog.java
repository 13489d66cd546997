package org.postbus.benchmarks.server;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Counts deliveries in Postfix's log as it grows: one line {@code status=sent} for each recipient. */
final class Maillog {

    private static final byte[] SENT = " status=sent ".getBytes(StandardCharsets.US_ASCII);

    private final Path file;
    private final byte[] buffer = new byte[1 << 20];
    private long position;
    private long sent;
    /** How much of {@link #SENT} the octets before {@code position} end with. */
    private int matched;

    Maillog(Path file) {
        this.file = file;
    }

    /** Deliveries from the beginning of the log to its present end. */
    synchronized long sent() throws IOException {
        if (!Files.exists(file)) {
            return sent;
        }
        try (RandomAccessFile log = new RandomAccessFile(file.toFile(), "r")) {
            log.seek(position);
            for (int octets = log.read(buffer); octets > 0; octets = log.read(buffer)) {
                position += octets;
                count(octets);
            }
        }
        return sent;
    }

    /** The first octet of the word stands nowhere else in it but at its end, so a failed match can only begin anew. */
    private void count(int octets) {
        for (int n = 0; n < octets; n++) {
            if (buffer[n] == SENT[matched]) {
                matched++;
            } else {
                matched = buffer[n] == SENT[0] ? 1 : 0;
            }
            if (matched == SENT.length) {
                sent++;
                matched = 1;
            }
        }
    }
}
