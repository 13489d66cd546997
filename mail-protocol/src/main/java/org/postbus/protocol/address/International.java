package org.postbus.protocol.address;

import java.net.IDN;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Locale;
import java.util.Optional;

/** What internationalised addresses add to the grammar (RFC 6531, section 3.3; RFC 6532, section 3.2). */
public final class International {

    private International() {}

    /**
     * Whether it may stand in a local part beside ASCII. Not all of UTF8-non-ascii may: what nobody sees (controls, direction marks,
     * separators) and what means nothing (half a surrogate pair, unassigned) is refused, as RFC 8265 does for user names.
     */
    static boolean isText(int codePoint) {
        return codePoint > 0x7F && switch (Character.getType(codePoint)) {
            case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.PRIVATE_USE, Character.UNASSIGNED,
                    Character.SPACE_SEPARATOR, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }

    /** Whether it may stand in a U-label beside letters, digits and hyphens of ASCII; the label as a whole is judged apart. */
    static boolean isLabelText(int codePoint) {
        return codePoint > 0x7F && (Character.isLetterOrDigit(codePoint) || switch (Character.getType(codePoint)) {
            case Character.NON_SPACING_MARK, Character.COMBINING_SPACING_MARK -> true;
            default -> false;
        });
    }

    static boolean isAscii(String text) {
        return AsciiCase.isAscii(text);
    }

    /** How long it is on the wire. */
    static int octets(String text) {
        return isAscii(text) ? text.length() : text.getBytes(StandardCharsets.UTF_8).length;
    }

    /** One spelling for what looks and reads the same: composed, in lower case. */
    static String folded(String text) {
        return isAscii(text) ? text.toLowerCase(Locale.ROOT)
                : Normalizer.normalize(Normalizer.normalize(text, Normalizer.Form.NFC).toLowerCase(Locale.ROOT), Normalizer.Form.NFC);
    }

    /** A domain as A-labels in lower case (RFC 5890); empty where a label can be none. */
    public static Optional<String> aLabels(String domain) {
        if (isAscii(domain)) {
            return Optional.of(domain.toLowerCase(Locale.ROOT));
        }
        try {
            return Optional.of(IDN.toASCII(domain, IDN.USE_STD3_ASCII_RULES).toLowerCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
