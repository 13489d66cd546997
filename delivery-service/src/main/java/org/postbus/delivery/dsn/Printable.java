package org.postbus.delivery.dsn;

/** Text that others wrote, made harmless for lines of ours, for a terminal and for PostgreSQL. */
final class Printable {

    private Printable() {
    }

    /** Nothing but space to tilde: each other character becomes a question mark. */
    static String ascii(String text) {
        return text.replaceAll("[^ -~]", "?");
    }

    /** The same, cut to so many characters. */
    static String ascii(String text, int length) {
        String plain = ascii(text);
        return plain.length() <= length ? plain : plain.substring(0, length);
    }

    /** Any script, but no control characters. */
    static String text(String text) {
        return text.replaceAll("\\p{Cc}", "?");
    }

    static boolean isAscii(String text) {
        return text.chars().allMatch(c -> c <= 0x7F);
    }
}
