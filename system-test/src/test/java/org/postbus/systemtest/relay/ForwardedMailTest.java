package org.postbus.systemtest.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.postbus.protocol.remote.ReceivedMail;
import org.postbus.protocol.remote.Script;
import org.postbus.protocol.remote.Script.Answer;
import org.postbus.systemtest.SmtpClient;

/** A stranger's mail to an alias that leads to another server, and the way of a notification back to the stranger. */
@ExtendWith(Relaying.Shared.class)
class ForwardedMailTest {

    private static final String ALIAS = "away@forward.test";

    private final Relaying relaying;
    private final String subject = UUID.randomUUID().toString();

    ForwardedMailTest(Relaying relaying) {
        this.relaying = relaying;
        relaying.platform().admin().domain("forward.test");
        relaying.platform().admin().alias(ALIAS, List.of("bob@remote.test"));
    }

    @AfterEach
    void takesEverythingAgain() {
        relaying.remote().script(Script.USUAL);
    }

    @Test
    void aNotificationForARewrittenReversePathGoesOnToTheRealOne() throws Exception {
        send("Ann@far.test", ALIAS, subject);
        ReceivedMail forwarded = Arrived.await(relaying.remote(), subject);
        assertEquals(List.of("RCPT TO:<bob@remote.test>"), forwarded.recipients());
        String rewritten = reversePath(forwarded);
        assertTrue(rewritten.matches("SRS0=[A-Z2-7]{8}=[A-Z2-7]{2}=far\\.test=Ann@forward\\.test"), rewritten);

        String bounce = UUID.randomUUID().toString();
        send("", rewritten.toLowerCase(Locale.ROOT), bounce);
        ReceivedMail told = Arrived.await(relaying.far(), bounce);
        assertEquals("", reversePath(told));
        assertEquals(List.of("RCPT TO:<ann@far.test>"), told.recipients());
    }

    @Test
    void nobodyMakesOrChangesARewrittenReversePath() throws Exception {
        send("ann@far.test", ALIAS, subject);
        String rewritten = reversePath(Arrived.await(relaying.remote(), subject));
        try (SmtpClient smtp = relaying.platform().smtp()) {
            SmtpClient.require("250", smtp.command("MAIL FROM:<>"));
            for (String forged : List.of(rewritten.replace("=ann@", "=bob@"), rewritten.replace("=far.", "=fax."),
                    rewritten.replace("SRS0=", "SRS1="), "SRS0=AAAAAAAA" + rewritten.substring(13))) {
                SmtpClient.require("550 5.1.1", smtp.command("RCPT TO:<" + forged + ">"));
            }
            SmtpClient.require("250", smtp.command("RCPT TO:<" + rewritten + ">"));
        }
    }

    @Test
    void whomTheRemoteRefusesIsToldToTheStranger() throws Exception {
        relaying.remote().script(Script.onCommand("RCPT", new Answer.Say("550 5.1.1 he left\r\n")));
        send("ann@far.test", ALIAS, subject);
        ReceivedMail told = Arrived.await(relaying.far(), subject);
        assertEquals("", reversePath(told));
        assertEquals(List.of("RCPT TO:<ann@far.test>"), told.recipients());
        assertTrue(told.text().contains("550 5.1.1 he left"), told.text());
    }

    private void send(String reversePath, String forwardPath, String about) throws IOException {
        try (SmtpClient smtp = relaying.platform().smtp()) {
            smtp.mail(reversePath, List.of(forwardPath), "Subject: " + about + "\r\n\r\nhi\r\n");
        }
    }

    private static String reversePath(ReceivedMail mail) {
        return mail.mail().substring(mail.mail().indexOf('<') + 1, mail.mail().indexOf('>'));
    }
}
