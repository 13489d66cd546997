package org.postbus.systemtest.relay;

import java.io.IOException;
import java.util.List;
import org.postbus.systemtest.Maildrop;
import org.postbus.systemtest.RunningPlatform;
import org.postbus.systemtest.SmtpClient;

/** An account that sends mail and reads what comes back. */
public record Account(RunningPlatform platform, String address, String password) {

    /** Header fields that submission leaves as they are, and the empty line. */
    static String header(String address, String subject) {
        return "From: <" + address + ">\r\nTo: <list@remote.test>\r\nSubject: " + subject
                + "\r\nDate: Sat, 28 Nov 2026 10:15:30 +0000\r\nMessage-ID: <" + subject + "@client.test>\r\n\r\n";
    }

    /** A session on the submission port, under TLS and logged in. */
    public SmtpClient session() throws IOException {
        return SmtpClient.submissionByStartTls(platform.submissionPort(), address, password);
    }

    /** Submits a mail and returns its id. */
    public String send(String subject, String... forwardPaths) throws IOException {
        try (SmtpClient smtp = session()) {
            return smtp.mail(address, List.of(forwardPaths), header(address, subject) + "hi\r\n");
        }
    }

    public Maildrop maildrop() {
        return new Maildrop(platform, address, password);
    }
}
