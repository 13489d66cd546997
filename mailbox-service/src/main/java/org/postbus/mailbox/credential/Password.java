package org.postbus.mailbox.credential;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import org.postbus.rest.ProblemType;

/**
 * A password in clear, for as long as it takes to hash it. In normal form C, so that it is the same whatever
 * keyboard composed its letters (RFC 8265 section 4.2).
 */
public final class Password implements Secret {

    /** UTF-16 characters. */
    public static final int MAX_LENGTH = 1024;

    private final String text;

    private Password(String text) {
        this.text = text;
    }

    /**
     * A password to set.
     *
     * @throws org.postbus.rest.ProblemException INVALID, if it is empty, too long or has control characters
     */
    public static Password of(String text) {
        if (!acceptable(text)) {
            throw ProblemType.INVALID.because("a password has 1 to " + MAX_LENGTH + " characters and no control characters");
        }
        return new Password(normalized(text));
    }

    /** A password that somebody offers to log in with; one that nobody can have is as good as empty. */
    public static Password offered(String text) {
        return new Password(acceptable(text) ? normalized(text) : "");
    }

    /** Whether it is one that nobody can have. */
    boolean isEmpty() {
        return text.isEmpty();
    }

    /** Its octets, to be hashed. */
    byte[] octets() {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Says nothing. */
    @Override
    public String toString() {
        return "Password[]";
    }

    private static boolean acceptable(String text) {
        return !text.isEmpty() && text.length() <= MAX_LENGTH
                && text.codePoints().noneMatch(c -> Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE);
    }

    private static String normalized(String text) {
        return Normalizer.normalize(text, Normalizer.Form.NFC);
    }
}
