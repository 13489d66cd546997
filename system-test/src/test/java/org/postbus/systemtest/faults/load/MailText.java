package org.postbus.systemtest.faults.load;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

/** How a ledger mail looks. Its header section is complete, so that what arrives is what was sent under trace fields. */
public final class MailText {

    static final String FIELD = "X-Ledger";

    private MailText() {}

    /** What a notification about some recipients of a mail is called in the ledger. */
    static String notificationOf(String token, Collection<String> recipients) {
        return "notification of " + token + " about " + new TreeSet<>(recipients);
    }

    /** @param author whose account sends it, where one logs in */
    static String of(String token, String author, RandomGenerator random) {
        StringBuilder text = new StringBuilder(FIELD + ": " + token + "\r\nFrom: <" + author + ">\r\nSubject: " + token
                + "\r\nDate: Tue, 24 Nov 2026 10:00:00 +0000\r\nMessage-ID: <" + token + "@faults.test>\r\n\r\n");
        // One in a hundred and fifty travels in chunks.
        int lines = random.nextInt(150) == 0 ? random.nextInt(4_000, 12_000) : random.nextInt(1, 30);
        for (int n = 0; n < lines; n++) {
            text.append(n % 7 == 3 ? "." : "").append(token).append(" is in line ").append(n)
                    .append(" of this mail, with some words to fill it.\r\n");
        }
        return text.toString();
    }

    /** With the dots of RFC 5321 section 4.5.2. */
    static String stuffed(String text) {
        return text.replace("\r\n.", "\r\n..");
    }

    static String sha256(String text) {
        return HexFormat.of().formatHex(sha256().digest(text.getBytes(StandardCharsets.ISO_8859_1)));
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
