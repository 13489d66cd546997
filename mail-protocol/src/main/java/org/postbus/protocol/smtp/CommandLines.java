package org.postbus.protocol.smtp;

import java.nio.charset.StandardCharsets;
import org.postbus.protocol.sasl.SaslDialog;

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

    private static final int MAIL_LINE = SmtpLimits.COMMAND_LINE + SmtpLimits.MAIL_PARAMETERS;
    private static final int RCPT_LINE = SmtpLimits.COMMAND_LINE + SmtpLimits.RCPT_PARAMETERS;
    private static final Found NOTHING = new Found.Nothing();

    private CommandLines() {}

    /** The next command. */
    static Found next(Input in) {
        return next(in, startsWith(in, "MAIL ") ? MAIL_LINE
                : startsWith(in, "RCPT ") ? RCPT_LINE
                : startsWith(in, "AUTH ") ? SaslDialog.MAX_LINE : SmtpLimits.COMMAND_LINE);
    }

    /** The next response of a SASL exchange. */
    static Found nextResponse(Input in) {
        return next(in, SaslDialog.MAX_LINE);
    }

    private static Found next(Input in, int longest) {
        byte[] octets = in.octets;
        int limit = Math.min(octets.length, in.at + longest);
        for (int i = in.at; i < limit; i++) {
            if (octets[i] == '\n') {
                return new Found.Fault(Replies.BARE_LINE_END);
            }
            if (octets[i] == '\r') {
                return i + 1 < limit ? lineEnd(in, i) : i + 1 == octets.length && i + 1 < in.at + longest ? NOTHING
                        : new Found.Fault(Replies.LINE_TOO_LONG);
            }
        }
        return limit - in.at == longest ? new Found.Fault(Replies.LINE_TOO_LONG) : NOTHING;
    }

    private static Found lineEnd(Input in, int cr) {
        if (in.octets[cr + 1] != '\n') {
            return new Found.Fault(Replies.BARE_LINE_END);
        }
        String line = new String(in.octets, in.at, cr - in.at, StandardCharsets.ISO_8859_1);
        in.at = cr + 2;
        return new Found.Line(line);
    }

    /** Whether the line begins with the verb, in any case of letters, as far as it is there. */
    private static boolean startsWith(Input in, String verb) {
        int count = Math.min(verb.length(), in.available());
        for (int i = 0; i < count; i++) {
            if (Character.toUpperCase((char) in.octets[in.at + i]) != verb.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
