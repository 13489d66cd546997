package org.postbus.systemtest.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.postbus.protocol.remote.ReceivedMail;
import org.postbus.protocol.remote.Script;
import org.postbus.protocol.remote.Script.Answer;

/** The life of a mail from an account to somebody elsewhere, through the whole platform. */
@ExtendWith(Relaying.Shared.class)
class RelayedMailTest {

    private final Relaying relaying;
    private final Account alice;
    private final String subject = UUID.randomUUID().toString();

    RelayedMailTest(Relaying relaying) {
        this.relaying = relaying;
        this.alice = relaying.account("alice@life.test");
    }

    @AfterEach
    void takesEverythingAgain() {
        relaying.remote().script(Script.USUAL);
    }

    @Test
    void itsTrailEndsWithTheWordsOfTheRemote() throws Exception {
        String mailId = alice.send(subject, "bob@remote.test");
        ReceivedMail mail = Arrived.await(relaying.remote(), subject);
        assertTrue(mail.mail().startsWith("MAIL FROM:<alice@life.test>"), mail.mail());
        assertEquals(List.of("RCPT TO:<bob@remote.test>"), mail.recipients());
        assertTrue(mail.text().startsWith("Received: from client.test ") && mail.text().contains("with ESMTPSA (TLSv1.3)"), mail.text());
        assertTrue(mail.text().endsWith(Account.header("alice@life.test", subject) + "hi\r\n"), mail.text());
        Trail trail = new Trail(relaying.platform(), mailId);
        JsonNode relayed = trail.await("relayed");
        assertEquals(List.of("accepted", "routed", "relayed"), trail.steps());
        assertEquals("delivery-service", relayed.get("service").asText());
        assertTrue(relayed.get("detail").asText().contains("127.0.0.1"), relayed.toString());
        assertEquals("250 2.0.0 taken", relayed.get("recipients").get(0).get("diagnosticCode").asText());
        assertEquals(1, Arrived.all(relaying.remote(), subject).size());
    }

    @Test
    void isSignedOnceTheDomainHasAKeyWithoutAnySetting() throws Exception {
        Account ann = relaying.account("ann@signed-life.test");
        String key = "{\"domain\":\"signed-life.test\",\"algorithm\":\"ed25519-sha256\",\"active\":true}";
        assertEquals(201, relaying.platform().admin().send("POST", "/api/v1/dkim-keys", key).statusCode());
        ann.send(subject, "bob@remote.test");
        ReceivedMail mail = Arrived.await(relaying.remote(), subject);
        assertTrue(mail.text().startsWith("DKIM-Signature: v=1; a=ed25519-sha256;"), mail.text());
        assertEquals("rw-------", PosixFilePermissions.toString(
                Files.getPosixFilePermissions(relaying.platform().data().resolve("dkim-secret"))));
    }

    @Test
    void whomTheRemoteRefusesComesBackWithItsWords() throws Exception {
        relaying.remote().script(Script.onCommand("RCPT TO:<nobody@", new Answer.Say("550 5.1.1 we know no nobody\r\n")));
        String mailId = alice.send(subject, "nobody@remote.test", "bob@remote.test");
        String report = alice.maildrop().awaitContaining("Subject: " + subject);
        assertTrue(report.startsWith("Return-Path: <>\r\n"), report);
        assertTrue(report.contains("Final-Recipient: rfc822; nobody@remote.test\r\nAction: failed\r\nStatus: 5.1.1\r\n"), report);
        assertTrue(report.contains("Diagnostic-Code: smtp; 550 5.1.1 we know no nobody\r\n"), report);
        assertTrue(report.contains("Remote-MTA: dns; 127.0.0.1\r\n"), report);
        assertTrue(!report.contains("Final-Recipient: rfc822; bob@"), report);
        assertEquals(List.of("RCPT TO:<bob@remote.test>"), Arrived.await(relaying.remote(), subject).recipients());
        new Trail(relaying.platform(), mailId).await("failed");
    }

    @Test
    void whomTheRemoteWillTakeLaterWaitsInTheQueue() throws Exception {
        relaying.remote().script(Script.onCommand("RCPT", new Answer.Say("450 4.2.1 not now\r\n")));
        String mailId = alice.send(subject, "bob@remote.test");
        Trail trail = new Trail(relaying.platform(), mailId);
        JsonNode delayed = trail.await("delayed");
        assertEquals("450 4.2.1 not now", delayed.get("recipients").get(0).get("diagnosticCode").asText());
        JsonNode waiting = relaying.platform().admin().get("/queue/" + mailId).get("recipients");
        assertEquals(1, waiting.size());
        assertEquals("bob@remote.test", waiting.get(0).get("finalRecipient").asText());
        assertEquals("450 4.2.1 not now", waiting.get(0).get("diagnosticCode").asText());
        relaying.remote().script(Script.USUAL);
        trail.await("relayed");
        assertEquals(1, Arrived.all(relaying.remote(), subject).size());
        assertEquals(404, relaying.platform().admin().send("GET", "/api/v1/queue/" + mailId, "").statusCode());
    }
}
