package org.postbus.mailbox.content;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The fields of a mail that the admin API lists, as the mail has them: unfolded, not decoded, cut.
 *
 * @param from    the body of the first From field; empty if there is none
 * @param subject the body of the first Subject field; empty if there is none
 * @param date    the body of the first Date field; empty if there is none
 */
public record HeaderSummary(String from, String subject, String date) {

    /** Octets of a field's body that are kept. */
    static final int MAX_OCTETS = 250;

    private static final Pattern FOLDS_AND_CONTROLS = Pattern.compile("[\\s\\p{Cntrl}]+");

    /** Takes any octets; only what looks like the fields is found. */
    public static HeaderSummary of(byte[] headerSection) {
        String from = "";
        String subject = "";
        String date = "";
        int start = 0;
        while (start < headerSection.length) {
            int end = fieldEnd(headerSection, start);
            switch (name(headerSection, start, end)) {
                case "from" -> from = from.isEmpty() ? body(headerSection, start, end) : from;
                case "subject" -> subject = subject.isEmpty() ? body(headerSection, start, end) : subject;
                case "date" -> date = date.isEmpty() ? body(headerSection, start, end) : date;
                default -> { }
            }
            start = end;
        }
        return new HeaderSummary(from, subject, date);
    }

    /** Behind the line end that no white space follows, which would continue the field (RFC 5322 section 2.2.3). */
    private static int fieldEnd(byte[] octets, int start) {
        for (int i = start; i < octets.length; i++) {
            if (octets[i] == '\n' && (i + 1 == octets.length || octets[i + 1] != ' ' && octets[i + 1] != '\t')) {
                return i + 1;
            }
        }
        return octets.length;
    }

    /** The name in lower case, if it is short enough to be one of ours. */
    private static String name(byte[] octets, int start, int end) {
        int limit = Math.min(end, start + "subject ".length() + 1);
        for (int i = start; i < limit; i++) {
            if (octets[i] == ':') {
                return new String(octets, start, i - start, StandardCharsets.ISO_8859_1).strip().toLowerCase(Locale.ROOT);
            }
        }
        return "";
    }

    private static String body(byte[] octets, int start, int end) {
        int from = start;
        while (octets[from] != ':') {
            from++;
        }
        from++;
        int length = Math.min(end - from, MAX_OCTETS);
        String text = new String(octets, from, length, StandardCharsets.UTF_8);
        return FOLDS_AND_CONTROLS.matcher(text).replaceAll(" ").strip();
    }
}
