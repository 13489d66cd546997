package org.postbus.protocol.transcript;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The escapes of transcript lines. */
final class Escapes {

    private static final Pattern REPEAT = Pattern.compile("\\{([^{}]+)\\*([0-9]+)}");
    private static final Pattern BASE64 = Pattern.compile("\\{base64:([^{}]*)}");
    private static final Pattern ESCAPE = Pattern.compile("\\\\(x[0-9A-Fa-f]{2}|.)");

    private Escapes() {}

    /** The text of a client line: repetitions and base64 written out, escapes replaced. */
    static String client(String text) {
        Matcher base64 = BASE64.matcher(text);
        return repeated(base64.replaceAll(m -> Base64.getEncoder()
                .encodeToString(plain(m.group(1)).getBytes(StandardCharsets.UTF_8))));
    }

    private static String repeated(String text) {
        return plain(REPEAT.matcher(text)
                .replaceAll(m -> Matcher.quoteReplacement(m.group(1).repeat(Integer.parseInt(m.group(2))))));
    }

    /** Every escape but {@code \{}, which {@link LinePattern} reads itself. */
    static String server(String text) {
        return text.contains("\\{") ? text : plain(text);
    }

    private static String plain(String text) {
        return ESCAPE.matcher(text).replaceAll(m -> Matcher.quoteReplacement(character(m.group(1))));
    }

    private static String character(String escape) {
        return switch (escape.charAt(0)) {
            case 'r' -> "\r";
            case 'n' -> "\n";
            case 't' -> "\t";
            case '0' -> "\0";
            case '\\' -> "\\";
            case 'x' -> String.valueOf((char) Integer.parseInt(escape.substring(1), 16));
            default -> throw new IllegalArgumentException("unknown escape \\" + escape);
        };
    }
}
