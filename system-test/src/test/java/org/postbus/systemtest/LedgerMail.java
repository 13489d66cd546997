package org.postbus.systemtest;

import java.io.IOException;
import java.util.Set;

/** How a mail of the {@link Ledger} looks on the wire: its token is its subject. */
public final class LedgerMail {

    private LedgerMail() {}

    /** Sends a mail with the null reverse-path; the reply to its last dot is its outcome. */
    public static Ledger.Outcome send(SmtpClient smtp, String token, Set<String> recipients, String body) {
        boolean ended = false;
        try {
            smtp.command("MAIL FROM:<>");
            for (String recipient : recipients) {
                SmtpClient.require("250", smtp.command("RCPT TO:<" + recipient + ">"));
            }
            SmtpClient.require("354", smtp.command("DATA"));
            smtp.write("Subject: " + token + "\r\n\r\n" + body);
            smtp.flush();
            ended = true;
            return smtp.command(".").startsWith("250") ? Ledger.Outcome.ACCEPTED : Ledger.Outcome.UNKNOWN;
        } catch (IOException e) {
            return ended ? Ledger.Outcome.UNKNOWN : Ledger.Outcome.NOT_SENT;
        }
    }

    /** What a message retrieved from an account's maildrop is in the ledger's terms. */
    public static Ledger.Copy copy(String account, String text) {
        int end = text.indexOf("\r\n\r\n");
        String token = text.substring(0, end).lines()
                .filter(line -> line.startsWith("Subject: "))
                .findFirst()
                .orElseThrow()
                .substring("Subject: ".length());
        return new Ledger.Copy(account, token, text.substring(end + 4));
    }
}
