package org.postbus.delivery.dsn;

/**
 * Why a mail is where it is: the Diagnostic-Code of RFC 3464, section 2.3.6.
 *
 * @param type whose words these are
 * @param text one line, the lines of a longer reply joined by a space. It is cleaned here, before anybody stores or shows it:
 *             printable ASCII with a question mark for any other character, at most {@value #MAX_TEXT} characters
 */
public record Diagnostic(Type type, String text) {

    /** Characters of text that are kept; a hostile server may send without end. */
    public static final int MAX_TEXT = 500;

    /** Who speaks. */
    public enum Type {
        /** Another server: its SMTP reply, code included. */
        SMTP("smtp"),
        /** This server. */
        POSTBUS("X-Postbus");

        private final String word;

        Type(String word) {
            this.word = word;
        }

        /** The diagnostic-type as it stands in the field. */
        String word() {
            return word;
        }
    }

    public Diagnostic {
        text = Printable.ascii(text, MAX_TEXT);
    }

    /** What another server replied, for example {@code 550 5.1.1 no such user}. */
    public static Diagnostic remote(String reply) {
        return new Diagnostic(Type.SMTP, reply);
    }

    /** Our own words. */
    public static Diagnostic own(String words) {
        return new Diagnostic(Type.POSTBUS, words);
    }
}
