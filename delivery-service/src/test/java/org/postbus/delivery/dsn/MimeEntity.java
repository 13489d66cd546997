package org.postbus.delivery.dsn;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A strict reader of the MIME that notifications use (RFC 2045, 2046), written from the RFCs and not from our writer.
 *
 * @param fields header fields by name in lower case, unfolded
 * @param body   decoded, one character for each octet
 * @param parts  of a multipart, else empty
 */
record MimeEntity(Map<String, String> fields, String body, List<MimeEntity> parts) {

    private static final Pattern FIELD = Pattern.compile("([!-9;-~]+):[ \t]*(.*)", Pattern.DOTALL);
    private static final Pattern BOUNDARY = Pattern.compile("multipart/[a-z]+;.*boundary=\"([^\"]{1,70})\".*");

    static MimeEntity parse(byte[] octets) {
        String text = new String(octets, StandardCharsets.ISO_8859_1);
        require(!text.replace("\r\n", "").matches("(?s).*[\r\n\0].*"), "a lone CR or LF, or a NUL");
        for (String line : text.split("\r\n")) {
            require(line.length() <= 998, "a line of " + line.length());
        }
        return parse(text);
    }

    /** What stands in the field up to a parameter. */
    String type() {
        return fields.getOrDefault("content-type", "text/plain").split(";")[0];
    }

    /** Groups of fields as in message/delivery-status, divided by empty lines. */
    List<Map<String, String>> fieldGroups() {
        List<Map<String, String>> groups = new ArrayList<>();
        for (String group : body.strip().split("\r\n\r\n")) {
            groups.add(fields(group));
        }
        return groups;
    }

    private static MimeEntity parse(String text) {
        int end = text.indexOf("\r\n\r\n");
        require(end >= 0, "no empty line behind the header section");
        Map<String, String> fields = fields(text.substring(0, end));
        String body = text.substring(end + 4);
        Matcher boundary = BOUNDARY.matcher(fields.getOrDefault("content-type", ""));
        return boundary.matches() ? new MimeEntity(fields, body, parts(body, boundary.group(1)))
                : new MimeEntity(fields, decoded(body, fields.getOrDefault("content-transfer-encoding", "7bit")), List.of());
    }

    private static List<MimeEntity> parts(String body, String boundary) {
        String[] pieces = ("\r\n" + body).split(Pattern.quote("\r\n--" + boundary), -1);
        require(pieces[pieces.length - 1].equals("--\r\n"), "the last boundary does not end the mail: " + pieces[pieces.length - 1]);
        List<MimeEntity> parts = new ArrayList<>();
        for (int i = 1; i < pieces.length - 1; i++) {
            require(pieces[i].startsWith("\r\n"), "text behind a boundary");
            parts.add(parse(pieces[i].substring(2)));
        }
        return parts;
    }

    private static Map<String, String> fields(String section) {
        Map<String, String> fields = new LinkedHashMap<>();
        for (String line : section.replaceAll("\r\n([ \t])", "$1").split("\r\n")) {
            Matcher field = FIELD.matcher(line);
            require(field.matches(), "no field: " + line);
            require(fields.put(field.group(1).toLowerCase(), field.group(2)) == null, "twice: " + line);
        }
        return fields;
    }

    private static String decoded(String body, String encoding) {
        return switch (encoding) {
            case "7bit" -> {
                require(body.chars().allMatch(c -> c < 0x80), "8-bit where 7bit is said");
                yield body;
            }
            case "8bit" -> body;
            case "quoted-printable" -> quotedPrintable(body);
            default -> throw new AssertionError("not an encoding: " + encoding);
        };
    }

    private static String quotedPrintable(String body) {
        for (String line : body.split("\r\n")) {
            require(line.length() <= 76 && line.chars().allMatch(c -> c == '\t' || c >= ' ' && c <= '~'), "not quoted-printable: " + line);
        }
        return Pattern.compile("=([0-9A-F]{2})").matcher(body.replace("=\r\n", ""))
                .replaceAll(code -> Matcher.quoteReplacement("" + (char) Integer.parseInt(code.group(1), 16)));
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }
}
