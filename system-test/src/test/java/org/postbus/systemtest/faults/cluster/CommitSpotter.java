package org.postbus.systemtest.faults.cluster;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;

/**
 * Reads along what a client says to PostgreSQL (frontend/backend protocol 3) and tells when it says COMMIT, as a simple
 * query or as a prepared statement. Of other protocols it understands nothing and says so by silence.
 */
final class CommitSpotter {

    private static final int STARTUP_MAJOR = 3;
    private static final int SSL_REQUEST = 80_877_103;
    private static final int HEADER = 5;
    /** Names and texts that matter are short; of a longer message only the beginning is kept. */
    private static final int KEPT = 512;

    private final Set<String> commitStatements = new HashSet<>();
    private final byte[] message = new byte[KEPT];
    private boolean started;
    private boolean foreign;
    private int have;
    private long length = -1;

    /** Whether a COMMIT ends in these octets. */
    boolean passes(byte[] octets, int count) {
        boolean found = false;
        for (int at = 0; at < count && !foreign; ) {
            if (length < 0) {
                message[have++] = octets[at++];
                if (have == headerLength()) {
                    begin();
                }
            } else {
                int taken = (int) Math.min(count - at, length - have);
                int kept = Math.max(0, Math.min(taken, KEPT - have));
                System.arraycopy(octets, at, message, Math.min(have, KEPT), kept);
                have += taken;
                at += taken;
            }
            if (length >= 0 && have >= length) {
                found |= end();
            }
        }
        return found;
    }

    private int headerLength() {
        return started ? HEADER : 8;
    }

    private void begin() {
        length = started ? int32(1) + 1L : int32(0);
        if (!started && int32(4) != SSL_REQUEST && int32(4) >> 16 != STARTUP_MAJOR || length < headerLength()) {
            foreign = true;
        }
    }

    private boolean end() {
        boolean commit = false;
        if (started) {
            commit = isCommit();
        } else {
            started = int32(4) != SSL_REQUEST;
        }
        have = 0;
        length = -1;
        return commit;
    }

    private boolean isCommit() {
        switch (message[0]) {
            case 'Q' -> {
                return text(HEADER).equals("COMMIT");
            }
            case 'P' -> {
                String statement = text(HEADER);
                commitStatements.remove(statement);
                if (text(HEADER + statement.length() + 1).equals("COMMIT")) {
                    commitStatements.add(statement);
                }
                return false;
            }
            case 'B' -> {
                String portal = text(HEADER);
                return commitStatements.contains(text(HEADER + portal.length() + 1));
            }
            default -> {
                return false;
            }
        }
    }

    private String text(int from) {
        int end = from;
        int limit = Math.min(have, KEPT);
        while (end < limit && message[end] != 0) {
            end++;
        }
        return from >= limit ? "" : new String(message, from, end - from, StandardCharsets.US_ASCII);
    }

    private int int32(int at) {
        return (message[at] & 0xff) << 24 | (message[at + 1] & 0xff) << 16 | (message[at + 2] & 0xff) << 8 | message[at + 3] & 0xff;
    }
}
