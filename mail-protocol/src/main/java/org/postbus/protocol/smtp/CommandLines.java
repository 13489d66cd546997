package org.postbus.protocol.smtp;

import java.nio.charset.StandardCharsets;

/** Frames command lines. Only CRLF ends a line; a CR or LF alone is a fault, never a line end. */
final class CommandLines {

    /** What {@link #next} found. */
    sealed interface Found {
        /** A line without its CRLF, one octet in each character. */
        record Line(String text) implements Found {}

        /** The octets break the framing: the session cannot go on. */
        record Fault(Reply reply) implements Found {}

        /** No whole line yet. */
        record Nothing() implements Found {}
    }

    private static final int LONGEST = SmtpLimits.COMMAND_LINE + SmtpLimits.MAIL_PARAMETERS;
    private static final Found NOTHING = new Found.Nothing();

    private CommandLines() {}

    static Found next(Input in) {
        byte[] octets = in.octets;
        int limit = Math.min(octets.length, in.at + LONGEST);
        for (int i = in.at; i < limit; i++) {
            if (octets[i] == '\n') {
                return new Found.Fault(Replies.BARE_LINE_END);
            }
            if (octets[i] == '\r') {
                return i + 1 == octets.length ? NOTHING : lineEnd(in, i);
            }
        }
        return limit - in.at == LONGEST ? new Found.Fault(Replies.LINE_TOO_LONG) : NOTHING;
    }

    private static Found lineEnd(Input in, int cr) {
        if (in.octets[cr + 1] != '\n') {
            return new Found.Fault(Replies.BARE_LINE_END);
        }
        String line = new String(in.octets, in.at, cr - in.at, StandardCharsets.ISO_8859_1);
        in.at = cr + 2;
        int most = line.regionMatches(true, 0, "MAIL ", 0, 5) ? LONGEST : SmtpLimits.COMMAND_LINE;
        return line.length() + 2 > most ? new Found.Fault(Replies.LINE_TOO_LONG) : new Found.Line(line);
    }
}
