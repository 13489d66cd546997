package org.postbus.protocol.smtp;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * One reply of a server (RFC 5321, section 4.2), its enhanced status code beside it (RFC 2034).
 *
 * @param code     the three digits
 * @param enhanced the enhanced status code of RFC 3463, such as {@code 5.1.1}; empty where none belongs
 * @param lines    the text; at least one line
 */
public record Reply(int code, String enhanced, List<String> lines) {

    /** Characters of a text that is not ours, so that its line keeps RFC 5321, section 4.5.3.1.5, with room to spare. */
    private static final int MAX_TEXT = 300;

    public Reply {
        lines = List.copyOf(lines);
    }

    Reply(int code, String enhanced, String text) {
        this(code, enhanced, List.of(text));
    }

    /** Whether the command did what it asks for (2yz), or may go on (3yz). */
    public boolean isPositive() {
        return code < 400;
    }

    /** Code, enhanced code and text of the last line, as it stands in trail events and logs. */
    public String text() {
        return line(lines.getLast(), ' ');
    }

    /** The octets on the wire, CRLF at each line's end. */
    public byte[] octets() {
        StringBuilder wire = new StringBuilder(64 * lines.size());
        for (int i = 0; i < lines.size(); i++) {
            wire.append(line(lines.get(i), i < lines.size() - 1 ? '-' : ' ')).append("\r\n");
        }
        return wire.toString().getBytes(StandardCharsets.US_ASCII);
    }

    /** One line of text of others, which a reply can bear: visible ASCII, and no more than a line takes. */
    static String printable(String text) {
        String plain = text.replaceAll("[^ -~]", "?").strip();
        return plain.isEmpty() ? "No reason given" : plain.substring(0, Math.min(plain.length(), MAX_TEXT));
    }

    private String line(String text, char separator) {
        return "" + code + separator + (enhanced.isEmpty() ? "" : enhanced + " ") + text;
    }
}
