package org.postbus.protocol.address;

import java.util.Locale;

/**
 * Compares words of a protocol in any case of letters. Letters outside ASCII have no other case there: to Java a dotless i and a long
 * s are cases of I and S.
 */
public final class AsciiCase {

    private AsciiCase() {}

    /** Whether the word stands there. */
    public static boolean startsWith(String text, int at, String word) {
        int end = at + word.length();
        return end <= text.length() && upper(text.substring(at, end)).equals(upper(word));
    }

    /** The text in upper case; as it is where anything in it is outside ASCII. */
    public static String upper(String text) {
        return International.isAscii(text) ? text.toUpperCase(Locale.ROOT) : text;
    }
}
