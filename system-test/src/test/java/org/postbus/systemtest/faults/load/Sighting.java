package org.postbus.systemtest.faults.load;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.postbus.systemtest.Pop3Client;

/** A message as it comes over POP3, line by line: which mail it is, or about which mail it notifies. */
final class Sighting implements Pop3Client.Lines {

    private static final byte[] FIELD = (MailText.FIELD + ": ").getBytes(StandardCharsets.US_ASCII);
    private static final byte[] REPORT = "Content-Type: multipart/report".getBytes(StandardCharsets.US_ASCII);
    /** Of a report, RFC 3464 section 2.3.2. */
    private static final byte[] FINAL_RECIPIENT = "Final-Recipient: rfc822; ".getBytes(StandardCharsets.US_ASCII);
    private static final int CRLF = 2;

    private final List<String> toldOf = new ArrayList<>();
    private String token = "";
    private boolean header = true;
    private boolean report;
    private Optional<MessageDigest> digest = Optional.empty();

    @Override
    public void line(byte[] octets) {
        if (digest.isPresent()) {
            digest.get().update(octets);
        } else if (startsWith(octets, FIELD) && (header || report)) {
            token = rest(octets, FIELD);
            if (!report) {
                // Our fields come first in the mail that was sent; above them are those of the way here.
                digest = Optional.of(MailText.sha256());
                digest.get().update(octets);
            }
        } else if (report && startsWith(octets, FINAL_RECIPIENT)) {
            toldOf.add(rest(octets, FINAL_RECIPIENT));
        } else if (header) {
            report |= startsWith(octets, REPORT);
            header = octets.length > CRLF;
        }
    }

    String token() {
        return token;
    }

    boolean isNotification() {
        return report;
    }

    /** Whose failure a notification tells. */
    List<String> toldOf() {
        return toldOf;
    }

    /** Names it among all things in a maildrop. */
    String item() {
        return report ? MailText.notificationOf(token, toldOf) : token;
    }

    /** To be asked once: it ends the computation. */
    String sha256() {
        return digest.map(done -> HexFormat.of().formatHex(done.digest())).orElse("no mail of ours");
    }

    private static String rest(byte[] line, byte[] start) {
        return new String(line, start.length, line.length - start.length - CRLF, StandardCharsets.US_ASCII);
    }

    private static boolean startsWith(byte[] line, byte[] start) {
        return line.length >= start.length && Arrays.equals(line, 0, start.length, start, 0, start.length);
    }
}
