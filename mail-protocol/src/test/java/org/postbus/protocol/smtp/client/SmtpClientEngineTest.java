package org.postbus.protocol.smtp.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.postbus.protocol.sasl.Credentials;

/** What transcripts cannot show: the engine's side towards its host. */
class SmtpClientEngineTest {

    private static final String PIPELINING = "250-mx\r\n250 PIPELINING\r\n";
    private static final String PLAIN = "250 mx\r\n";
    private static final String ALL =
            "250-mx\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250-DSN\r\n250 ENHANCEDSTATUSCODES\r\n";

    private final ClientByHand client = new ClientByHand(TlsWish.NEVER);

    @Test
    void saysWhatTheRemoteAnnounced() {
        client.greet(ALL);
        var ready = assertInstanceOf(ClientAction.Ready.class, client.engine.next());
        assertTrue(ready.capabilities().dsn() && ready.capabilities().enhancedStatusCodes());
        assertFalse(ready.capabilities().chunking() || ready.tls());
        assertEquals(ready, client.engine.next());
    }

    @Test
    void tellsWhetherTheRemoteTakesNotificationsOver() {
        client.greet(ALL);
        client.engine.send(ClientByHand.mail(2, "a@remote.test"));
        client.written();
        client.receive("250 ok\r\n550 no\r\n503 no\r\n");
        assertTrue(((ClientAction.Outcomes) client.engine.next()).dsn());
    }

    @Test
    void anIdleConnectionIsChecked() {
        client.greet(PIPELINING);
        client.engine.check();
        assertEquals("NOOP\r\n", client.written());
        client.receive("500 what?\r\n");
        assertInstanceOf(ClientAction.Ready.class, client.engine.next());
        client.engine.check();
        client.written();
        client.engine.connectionLost();
        assertEquals("4.4.2", client.failure().status());
    }

    @Test
    void anIdleConnectionThatIsLostIsNotReady() {
        client.greet(PIPELINING);
        client.engine.connectionLost();
        assertEquals(Failure.Scope.HOST, client.failure().scope());
        assertInstanceOf(ClientAction.Failed.class, client.engine.next());
        assertThrows(IllegalStateException.class, () -> client.engine.send(ClientByHand.mail(2, "a@remote.test")));
    }

    @Test
    void theReplyBeforeTheLossCounts() {
        client.greet(PIPELINING);
        client.engine.send(ClientByHand.mail(2, "a@remote.test"));
        client.written();
        client.receive("250 ok\r\n250 ok\r\n354 go on\r\n");
        assertInstanceOf(ClientAction.NeedContent.class, client.engine.next());
        client.receive("552 5.3.4 too large\r\n");
        client.engine.connectionLost();
        assertEquals("5.3.4", ClientByHand.permanent(client.outcomes().getFirst()).status());
        assertInstanceOf(ClientAction.Failed.class, client.engine.next());
    }

    @Test
    void nothingIsWrittenToALostConnection() {
        client.greet(PLAIN);
        client.engine.send(ClientByHand.mail(2, "a@remote.test"));
        assertEquals("MAIL FROM:<>\r\n", client.written());
        client.receive("250 ok\r\n");
        client.engine.connectionLost();
        assertEquals("4.4.2", ClientByHand.temporary(client.outcomes().getFirst()).status());
    }

    @Test
    void timeOutsGoByWhatIsAwaited() {
        assertEquals(SmtpTimeouts.GREETING, client.awaited());
        client.greet(PIPELINING);
        client.engine.send(ClientByHand.mail(2, "a@remote.test"));
        client.written();
        assertEquals(SmtpTimeouts.MAIL, client.awaited());
        client.receive("250 ok\r\n");
        assertEquals(SmtpTimeouts.RCPT, client.awaited());
        client.receive("250 ok\r\n");
        assertEquals(SmtpTimeouts.DATA_INITIATION, client.awaited());
        client.receive("354 ok\r\n");
        assertInstanceOf(ClientAction.NeedContent.class, client.engine.next());
        client.content("\r\n");
        client.written();
        assertEquals(SmtpTimeouts.DATA_TERMINATION, client.awaited());
        client.engine.timedOut();
        assertTrue(ClientByHand.temporary(client.outcomes().getFirst()).uncertain());
    }

    @Test
    void pathsAreParsedAgain() {
        client.greet(PIPELINING);
        List<String> bad = List.of("a@b\r\nRCPT TO:<c@d", "a@b> NOTIFY=NEVER", "a@b>\r\nDATA", "a b@c", "a\0@b", "a", "", "a@b@c",
                "x".repeat(65) + "@b", "a@" + "b.".repeat(130) + "c", "a@\u760d\u560a", "<a@b>", "@a:b@c> x");
        client.engine.send(ClientByHand.mail(2, bad.toArray(String[]::new)));
        List<Outcome> outcomes = client.outcomes();
        for (int i = 0; i < bad.size(); i++) {
            String status = ClientByHand.permanent(outcomes.get(i)).status();
            assertEquals(bad.get(i).contains("\u760d") ? "5.6.7" : "5.1.3", status, bad.get(i));
        }
        assertInstanceOf(ClientAction.Ready.class, client.engine.next());
        client.engine.send(ClientByHand.mail("a@b> SIZE=0", 2, "c@d"));
        assertEquals("5.1.7", ClientByHand.permanent(client.outcomes().getFirst()).status());
        assertInstanceOf(ClientAction.Ready.class, client.engine.next());
    }

    @Test
    void anAddressOutsideAsciiDoesNotSpoilTheOthers() {
        client.greet(PIPELINING);
        client.engine.send(ClientByHand.mail(2, "j\u00f6rg@remote.test", "a@remote.test"));
        assertEquals("MAIL FROM:<>\r\nRCPT TO:<a@remote.test>\r\nDATA\r\n", client.written());
        client.receive("250 ok\r\n250 ok\r\n354 go on\r\n");
        client.engine.next();
        client.content("\r\n");
        client.written();
        client.receive("250 ok\r\n");
        List<Outcome> outcomes = client.outcomes();
        assertEquals("5.6.7", ClientByHand.permanent(outcomes.getFirst()).status());
        assertInstanceOf(Outcome.Relayed.class, outcomes.getLast());
    }

    @Test
    void whatRfc3461DoesNotAllowIsLeftOut() {
        client.greet(ALL);
        client.engine.send(new OutboundMail("", List.of(recipient("rfc822;a\r\nx"), recipient("none"), recipient(";x"), recipient("x y;z"),
                recipient("rfc822;" + "=".repeat(200))), 2, false, false, Optional.empty(), Optional.of("x\u0000y")));
        assertEquals("MAIL FROM:<>\r\n" + "RCPT TO:<a@b>\r\n".repeat(5) + "DATA\r\n", client.written());
    }

    private static OutboundRecipient recipient(String originalRecipient) {
        return new OutboundRecipient("a@b", Optional.empty(), Optional.of(originalRecipient));
    }

    @Test
    void aFailedHandshakeFailsTheConnection() {
        ClientByHand tls = new ClientByHand(TlsWish.REQUIRED);
        tls.greet("250-mx\r\n250 STARTTLS\r\n");
        assertEquals("STARTTLS\r\n", tls.written());
        tls.receive("220 go on\r\n");
        assertInstanceOf(ClientAction.StartTls.class, tls.engine.next());
        tls.engine.tlsFailed("certificate of another host");
        assertEquals("4.7.5", tls.failure().status());
    }

    @Test
    void aHostMayLeaveWhereTlsIsRefused() {
        ClientByHand tls = new ClientByHand(TlsWish.IF_OFFERED);
        tls.greet("250-mx\r\n250 STARTTLS\r\n");
        tls.written();
        tls.receive("502 not yet\r\n");
        assertInstanceOf(ClientAction.TlsRefused.class, tls.engine.next());
        tls.engine.quit();
        assertEquals("QUIT\r\n", tls.written());
        tls.engine.connectionLost();
        assertInstanceOf(ClientAction.Closed.class, tls.engine.next());
    }

    @Test
    void nothingShowsThePassword() {
        Credentials credentials = new Credentials("jones", "secret");
        ClientSettings settings = new ClientSettings("mx.example.org", true, TlsWish.NEVER, Optional.of(credentials));
        assertFalse(settings.toString().contains("secret"));
    }

    @Test
    void settingsHoldNothingThatEndsALine() {
        Credentials cut = new Credentials("a\0b", "c");
        assertThrows(IllegalArgumentException.class, () -> new ClientSettings("mx", true, TlsWish.NEVER, Optional.of(cut)));
        assertThrows(IllegalArgumentException.class, () -> new ClientSettings("mx\r\nQUIT", true, TlsWish.NEVER, Optional.empty()));
    }
}
