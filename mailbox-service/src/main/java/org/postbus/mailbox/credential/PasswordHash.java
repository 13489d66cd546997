package org.postbus.mailbox.credential;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.postbus.rest.ProblemType;

/** A hash that another server made, of a form and a cost that we can pay at a login. */
public final class PasswordHash implements Secret {

    private static final Pattern PREFIXED = Pattern.compile("(?:\\{([A-Za-z0-9-]{1,20})})?(\\$.{1,300})");

    private final String text;

    private PasswordHash(String text) {
        this.text = text;
    }

    /**
     * @param text the hash as crypt(5) or PHC strings write it; Dovecot's name of its scheme may be before it, as in
     *             <code>{BLF-CRYPT}$2y$…</code>
     * @throws org.postbus.rest.ProblemException INVALID, without a word of the hash
     */
    public static PasswordHash of(String text) {
        Matcher parts = PREFIXED.matcher(text);
        if (!parts.matches()) {
            throw unknown();
        }
        String hash = parts.group(2);
        HashForm form = HashForm.of(hash).orElseThrow(PasswordHash::unknown);
        if (parts.group(1) != null && !form.hasScheme(parts.group(1).toUpperCase(Locale.ROOT))) {
            throw ProblemType.INVALID.because("the hash is not of the scheme before it");
        }
        Optional<String> objection = form.objection(hash);
        if (objection.isPresent()) {
            throw ProblemType.INVALID.because(objection.get());
        }
        return new PasswordHash(hash);
    }

    /** As it is stored, without the scheme. */
    public String text() {
        return text;
    }

    /** Says nothing. */
    @Override
    public String toString() {
        return "PasswordHash[]";
    }

    private static RuntimeException unknown() {
        return ProblemType.INVALID.because("passwordHash is a hash of bcrypt, SHA-512-crypt or Argon2 version 19");
    }
}
