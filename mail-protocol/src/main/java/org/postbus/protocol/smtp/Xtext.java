package org.postbus.protocol.smtp;

import java.util.Optional;

/** The encodings of parameter values (RFC 3461, section 4; RFC 6533, section 3). */
final class Xtext {

    private static final int MAX_CODE_POINT_DIGITS = 6;

    private Xtext() {}

    // xtext = *( xchar / hexchar ) ; hexchar = "+" 2HEXDIG, upper case. What it stands for has to be printable ASCII.
    static Optional<String> decode(String text) {
        StringBuilder decoded = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '+') {
                int value = i + 2 < text.length() ? hex(text.substring(i + 1, i + 3)) : -1;
                c = (char) value;
                i += 2;
            } else if (c == '=' || c == ' ') {
                return Optional.empty();
            }
            if (c < ' ' || c > '~') {
                return Optional.empty();
            }
            decoded.append(c);
        }
        return Optional.of(decoded.toString());
    }

    // utf-8-addr-xtext / utf-8-addr-unitext: outside of printable ASCII "\x{" 2*6HEXDIG "}", or the character itself
    static Optional<String> decodeUtf8(String text) {
        StringBuilder decoded = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            i += Character.charCount(c);
            if (c == '\\') {
                int end = text.indexOf('}', i);
                c = end > 0 && text.startsWith("x{", i) ? hex(text.substring(i + 2, end)) : -1;
                i = end + 1;
            } else if (c == '+' || c == '=') {
                return Optional.empty();
            }
            if (!isText(c)) {
                return Optional.empty();
            }
            decoded.appendCodePoint(c);
        }
        return Optional.of(decoded.toString());
    }

    private static boolean isText(int c) {
        return Character.isValidCodePoint(c) && !Character.isISOControl(c) && Character.getType(c) != Character.SURROGATE;
    }

    /** The value of upper-case hexadecimal digits, or -1. */
    private static int hex(String digits) {
        boolean right = !digits.isEmpty() && digits.length() <= MAX_CODE_POINT_DIGITS
                && digits.chars().allMatch(c -> c >= '0' && c <= '9' || c >= 'A' && c <= 'F');
        return right ? Integer.parseInt(digits, 16) : -1;
    }
}
