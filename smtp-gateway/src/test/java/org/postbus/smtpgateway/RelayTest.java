package org.postbus.smtpgateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postbus.events.Envelope;
import org.postbus.events.MailRecord;
import org.postbus.events.directory.Srs;
import org.postbus.protocol.address.Mailbox;

/** Who may send to domains that are not ours (S15). */
class RelayTest {

    private static final String JONES = "jones@example.org";

    @TempDir
    private static Path folder;
    private static TestKafka kafka;
    /** With the defaults: nobody relays at its MX. */
    private static TestGateway closed;
    /** Relays for this machine. */
    private static TestGateway open;
    /** Behind a proxy on this machine; relays for three networks, one of which is also the proxy's. */
    private static TestGateway proxied;
    private static Srs srs;

    @BeforeAll
    static void start() throws IOException {
        kafka = new TestKafka(folder.resolve("kafka"), 0);
        kafka.domain("example.org", Optional.of(JONES));
        UUID jones = kafka.account(JONES, true);
        kafka.alias("out@example.org", List.of("far.away@far.test"));
        Path secret = folder.resolve("srs-secret");
        Files.writeString(secret, "0123456789abcdef0123456789abcdef\n");
        srs = Srs.read(secret);
        closed = new TestGateway(kafka, "postbus.srs.secret-file=" + secret);
        closed.mailbox.account(JONES, jones, "secret");
        open = new TestGateway(kafka, "smtp.relay-networks=127.0.0.0/8");
        proxied = new TestGateway(kafka, "smtp.relay-networks=192.0.2.0/24,2001:db8::/32,127.0.0.0/8", "smtp.proxies=127.0.0.0/8");
    }

    @AfterAll
    static void stop() {
        proxied.close();
        open.close();
        closed.close();
        kafka.close();
    }

    @Test
    void whoLoggedInMayAndTheSpellingStays() throws Exception {
        try (Client client = loggedIn()) {
            Envelope envelope = sent(client, JONES, "X.y@Far.test", "@example.org,@near.test:z@far.test", JONES);
            assertTrue(envelope.relaying());
            assertEquals(List.of("X.y@Far.test", "z@far.test", JONES), envelope.forwardPaths());
        }
    }

    @Test
    void whoIsOfARelayNetworkMay() throws Exception {
        try (Client client = greeted(open.address())) {
            assertTrue(sent(client, "a@b.test", "x@far.test").relaying());
            assertTrue(sent(client, "", JONES).relaying());
        }
    }

    @Test
    void nobodyElseMayNotEvenOnThisMachine() throws Exception {
        try (Client client = greeted(closed.address())) {
            for (String reversePath : List.of("a@b.test", JONES, "", "x@far.test")) {
                Client.expect("250", client.ask("MAIL FROM:<" + reversePath + ">"));
                Client.expect("550 5.7.1", client.ask("RCPT TO:<x@far.test>"));
                Client.expect("554", client.ask("DATA"));
                Client.expect("250", client.ask("RSET"));
            }
            assertEquals(false, sent(client, "a@b.test", JONES).relaying());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TCP4 192.0.2.7 192.0.2.99", "TCP6 2001:db8::7 2001:db8::99"})
    void behindAProxyTheClientsOwnNetworkCounts(String addresses) throws Exception {
        try (Client client = from(addresses + " 1000 25")) {
            assertTrue(sent(client, "a@b.test", "x@far.test").relaying());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TCP4 192.0.3.7 192.0.2.99 1000 25", "TCP6 2001:db9::7 2001:db8::99 1000 25", "UNKNOWN",
        "TCP4 127.0.0.1 127.0.0.1 1000 25", "TCP6 ::1 ::1 1000 25"})
    void theProxysOwnAddressNeverDoes(String header) throws Exception {
        try (Client client = from(header)) {
            Client.expect("250", client.ask("MAIL FROM:<a@b.test>"));
            Client.expect("550 5.7.1", client.ask("RCPT TO:<x@far.test>"));
            assertEquals(false, sent(client, "a@b.test", JONES).relaying());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"x@far.test", "X@FAR.TEST", "\"x\"@far.test", "x%near@far.test", "@example.org:x@far.test",
        "@example.org,@near.test:x@far.test", "x@[127.0.0.1]", "x@[192.0.2.1]", "x@[IPv6:::1]", "x@localhost", "x@127.0.0.1", "x@example.org.far.test",
        "x@sub.example.org", "x@example", "example.org!x@far.test", "postmaster@far.test", "jones%example.org@far.test", "\"jones@example.org\"@far.test",
        "SRS0=AAAAAAAA=AA=far.test=x@far.test",
        "x@xn--bcher-kva.test", "+x@far.test", "jones@far.test", "=@far.test", "x@far.test.example.com"})
    void noFormOfAnAddressElsewherePassesForAStranger(String form) throws Exception {
        try (Client client = greeted(closed.address())) {
            Client.expect("250", client.ask("MAIL FROM:<" + JONES + ">"));
            Client.expect("550 5.7.1", client.ask("RCPT TO:<" + form + ">"));
        }
    }

    /** Not even for those who may relay: whoever splits these at %, ! or a quoted @ sends them where nobody said. */
    @ParameterizedTest
    @ValueSource(strings = {"x%far.test@example.org", "far.test!x@example.org", "\"x@far.test\"@example.org", "@far.test:x%far.test@example.org"})
    void aLocalPartIsNeverSplit(String form) throws Exception {
        for (InetSocketAddress server : List.of(open.address(), closed.address())) {
            try (Client client = greeted(server)) {
                Client.expect("250", client.ask("MAIL FROM:<a@b.test>"));
                Client.expect("550 5.1.1", client.ask("RCPT TO:<" + form + ">"));
            }
        }
    }

    @Test
    void whatIsNoDomainOfTheDnsIsNotRelayedTo() throws Exception {
        try (Client network = greeted(open.address()); Client account = loggedIn()) {
            Client.expect("250", network.ask("MAIL FROM:<a@b.test>"));
            Client.expect("250", account.ask("MAIL FROM:<" + JONES + ">"));
            for (Client client : List.of(network, account)) {
                Client.expect("554 5.1.2", client.ask("RCPT TO:<x@localhost>"));
                for (String form : List.of("x@127.0.0.1", "x@10.1", "x@[127.0.0.1]", "x@[IPv6:::1]")) {
                    Client.expect("550 5.7.1", client.ask("RCPT TO:<" + form + ">"));
                }
                Client.expect("501", client.ask("RCPT TO:<x@far..test>"));
            }
        }
    }

    @Test
    void whatAnAliasLeadsToIsForEverybody() throws Exception {
        try (Client client = greeted(closed.address())) {
            Envelope envelope = sent(client, "a@b.test", "Out@example.org");
            assertEquals(List.of("Out@example.org"), envelope.forwardPaths());
            assertEquals(false, envelope.relaying());
        }
    }

    @Test
    void aRewrittenReversePathIsForEverybodyAndAForgedOneForNobody() throws Exception {
        String rewritten = srs.rewrite(Mailbox.parse("Ann@far.test"), "example.org").toString();
        try (Client client = greeted(closed.address())) {
            assertEquals(List.of(rewritten), sent(client, "", rewritten).forwardPaths());
            Client.expect("250", client.ask("MAIL FROM:<>"));
            Client.expect("250", client.ask("RCPT TO:<" + rewritten.toLowerCase() + ">"));
            Client.expect("550 5.1.1", client.ask("RCPT TO:<" + rewritten.replace("Ann", "Bob") + ">"));
            Client.expect("550 5.1.1", client.ask("RCPT TO:<SRS0=AAAAAAAA=AA=far.test=x@example.org>"));
            Client.expect("550 5.1.1", client.ask("RCPT TO:<SRS1=AAAAAAAAAA=far.test==x@example.org>"));
            Client.expect("550 5.7.1", client.ask("RCPT TO:<" + rewritten.replace("@example.org", "@far.test") + ">"));
        }
        try (Client client = greeted(open.address())) {
            Client.expect("250", client.ask("MAIL FROM:<>"));
            Client.expect("550 5.1.1", client.ask("RCPT TO:<" + rewritten + ">"));
        }
    }

    @Test
    void moreThanFiftyHopsAreALoopForWhomever() throws Exception {
        String hop = "Received: from a.test by b.test; Mon, 23 Nov 2026 10:15:30 +0000\r\n";
        try (Client stranger = greeted(closed.address()); Client network = greeted(open.address()); Client account = loggedIn()) {
            for (Client client : List.of(stranger, network, account)) {
                client.nextMail(JONES, client == stranger ? "out@example.org" : "x@far.test").send(hop.repeat(51) + "Subject: x\r\n\r\nhi\r\n");
                Client.expect("554 5.4.6", client.ask("."));
                client.nextMail(JONES, "out@example.org").send(hop.repeat(50) + "Subject: x\r\n\r\nhi\r\n").endMail();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0/0", "::/0", "192.0.2.1/24", "example.org"})
    void whatIsNoNetworkOrEverybodyIsRefused(String range) {
        SmtpConfig config = TestGateway.config(Map.of("smtp.relay-networks", range));
        assertThrows(IllegalArgumentException.class, () -> RelayNetworks.of(config));
    }

    private static Envelope sent(Client client, String reversePath, String... forwardPaths) throws Exception {
        Client.expect("250", client.ask("RSET"));
        UUID id = client.nextMail(reversePath, forwardPaths).send("Subject: x\r\n\r\nhi\r\n").endMail();
        return ((MailRecord.Whole<Envelope>) kafka.mail(id).getFirst()).envelope();
    }

    private static Client from(String header) throws IOException {
        return greeted(proxied.connect().send("PROXY " + header + "\r\n"));
    }

    private static Client loggedIn() throws IOException {
        Client client = greeted(closed.submission());
        Client.expect("235", client.logIn(JONES, "secret"));
        return client;
    }

    private static Client greeted(InetSocketAddress server) throws IOException {
        return greeted(new Client(server));
    }

    private static Client greeted(Client client) throws IOException {
        Client.expect("220", client.reply());
        Client.expect("250", client.ask("EHLO client.test"));
        return client;
    }
}
