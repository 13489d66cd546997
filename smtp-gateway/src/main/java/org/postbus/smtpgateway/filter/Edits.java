package org.postbus.smtpgateway.filter;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.postbus.events.HeaderEdits;

/** Gathers the changes of a header section that a filter asks for: whatever it sends, what comes out is header fields. */
final class Edits {

    /** Mail that a filter, or who commands it, holds back for people: they find it by this field. */
    static final String QUARANTINE = "X-Postbus-Quarantine";
    /** All fields that are added, in octets, and all that are removed, in number. What is beyond is left out. */
    static final int MAX_ADDED = 16 * 1024;
    static final int MAX_REMOVED = 100;

    private final StringBuilder added = new StringBuilder();
    private final Set<String> removed = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    private int addedOctets;

    /** @param value may be folded, by LF or CRLF */
    void add(String name, String value) {
        String field = name + ": " + unfolded(value).strip() + "\r\n";
        int octets = field.getBytes(StandardCharsets.UTF_8).length;
        if (isName(name) && addedOctets + octets <= MAX_ADDED) {
            addedOctets += octets;
            added.append(field);
        }
    }

    /** All fields of the name, as the client sent them. */
    void remove(String name) {
        if (isName(name) && removed.size() < MAX_REMOVED) {
            removed.add(name);
        }
    }

    void quarantine(String reason) {
        add(QUARANTINE, reason.isBlank() ? "yes" : reason);
    }

    HeaderEdits result() {
        return new HeaderEdits(added.toString(), List.copyOf(removed));
    }

    /** A line end stays one where white space follows it, else it would begin a field of its own; no other control does. */
    private static String unfolded(String value) {
        StringBuilder text = new StringBuilder(value.length() + 16);
        for (int i = 0; i < value.length(); i += Character.charCount(value.codePointAt(i))) {
            int c = value.codePointAt(i);
            boolean folds = c == '\n' && i + 1 < value.length() && (value.charAt(i + 1) == ' ' || value.charAt(i + 1) == '\t');
            if (folds) {
                text.append("\r\n");
            } else if (c == '\t' || !Character.isISOControl(c) && Character.getType(c) != Character.SURROGATE) {
                text.appendCodePoint(c);
            } else if (c != '\r') {
                text.append(' ');
            }
        }
        return text.toString();
    }

    private static boolean isName(String name) {
        return !name.isEmpty() && name.length() <= 100 && name.chars().allMatch(c -> c > ' ' && c < 127 && c != ':');
    }
}
