package org.postbus.protocol.address;

import java.util.Locale;

/**
 * Compares words of a protocol in any case of letters. Letters outside ASCII have no other case there: to Java a dotless i and a long
 * s are cases of I and S.
 */
public final class AsciiCase {

    private AsciiCase() {}

    /** Whether nothing in it is outside ASCII; every command is asked, so it makes nothing. */
    public static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > 0x7F) {
                return false;
            }
        }
        return true;
    }

    /** Whether the word, itself of ASCII, stands there. */
    public static boolean startsWith(String text, int at, String word) {
        if (at + word.length() > text.length()) {
            return false;
        }
        for (int i = 0; i < word.length(); i++) {
            if (upper(text.charAt(at + i)) != upper(word.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static int upper(char c) {
        return c >= 'a' && c <= 'z' ? c - ('a' - 'A') : c;
    }

    /** The text in upper case; as it is where anything in it is outside ASCII. */
    public static String upper(String text) {
        return isAscii(text) ? text.toUpperCase(Locale.ROOT) : text;
    }
}
