package org.postbus.smtpgateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postbus.events.Envelope;
import org.postbus.events.MailRecord;
import org.postbus.events.TrailEvent;
import org.postbus.protocol.tls.TrustAll;

/** TLS and logins over real sockets. */
class SecureSessionTest {

    private static final String JONES = "jones@example.org";

    @TempDir
    private static Path folder;
    private static TestKafka kafka;
    private static TestGateway gateway;

    @BeforeAll
    static void start() {
        kafka = new TestKafka(folder.resolve("kafka"), 0);
        kafka.domain("example.org", Optional.of(JONES));
        UUID jones = kafka.account(JONES, true);
        gateway = new TestGateway(kafka);
        gateway.mailbox.account(JONES, jones, "secret");
    }

    @AfterAll
    static void stop() {
        gateway.close();
        kafka.close();
    }

    @Test
    void implicitTlsLoginAndMail() throws Exception {
        UUID mail;
        try (Client client = secureSubmission()) {
            Client.expect("220", client.reply());
            Client.expect("250", client.ask("EHLO client.test"));
            Client.expect("235", client.logIn(JONES, "secret"));
            client.nextMail(JONES, JONES).send("Subject: x\r\n\r\nhi\r\n");
            mail = client.endMail();
        }
        MailRecord.Whole<Envelope> record = (MailRecord.Whole<Envelope>) kafka.mail(mail).getFirst();
        assertEquals("ESMTPSA", record.envelope().protocol());
        assertTrue(record.envelope().traceFields().contains("with ESMTPSA (TLSv1.3) id " + mail), record.envelope().traceFields());
        assertTrue(record.envelope().traceFields().contains("\r\n\ttls TLS_AES_"), record.envelope().traceFields());
        TrailEvent told = kafka.trail().stream().filter(event -> event.mailId().equals(Optional.of(mail))).findFirst().orElseThrow();
        assertTrue(told.detail().contains("ESMTPSA TLSv1.3 TLS_AES_"), told.detail());
        assertTrue(told.detail().endsWith(", by jones@example.org)"), told.detail());
    }

    @Test
    void oldVersionsOfTlsAreRefused() throws IOException {
        for (String version : List.of("TLSv1.2", "TLSv1.3")) {
            try (SSLSocket socket = unshaken(version)) {
                socket.startHandshake();
                assertEquals(version, socket.getSession().getProtocol());
            }
        }
        try (SSLSocket socket = unshaken("TLSv1.1")) {
            assertThrows(IOException.class, socket::startHandshake);
        }
    }

    @Test
    void clearTextOctetsBehindStartTlsEndTheSession() throws IOException {
        try (Client client = gateway.connect()) {
            Client.expect("220", client.reply());
            Client.expect("250", client.ask("EHLO client.test"));
            client.send("STARTTLS\r\nEHLO injected\r\nMAIL FROM:<a@b.test>\r\n");
            Client.expect("554", client.reply());
            assertEquals("", client.reply());
        }
    }

    @Test
    void clearTextInsteadOfAHandshakeEndsTheSession() throws IOException {
        try (Client client = gateway.connect()) {
            Client.expect("220", client.reply());
            Client.expect("250", client.ask("EHLO client.test"));
            Client.expect("220", client.ask("STARTTLS"));
            client.send("EHLO injected\r\nMAIL FROM:<a@b.test>\r\n");
            assertFalse(client.reply().startsWith("250"));
        }
    }

    @Test
    void anEndOfTlsInMailDataIsNoMail() throws Exception {
        Random random = new Random(4);
        String data = "Subject: cut\r\n\r\n" + "text\r\n".repeat(200);
        int before = kafka.acceptedRecords();
        for (int i = 0; i < 10; i++) {
            try (Client client = gateway.connect()) {
                Client.expect("220", client.reply());
                Client.expect("250", client.ask("EHLO client.test"));
                Client.expect("220", client.ask("STARTTLS"));
                client.handshake();
                Client.expect("250", client.ask("EHLO client.test"));
                client.nextMail("a@b.test", JONES).send(data.substring(0, random.nextInt(data.length())));
                client.closeNotify();
                assertEquals("", client.reply());
            }
        }
        assertEquals(before, kafka.acceptedRecords());
    }

    @Test
    void abortedExchangesLeaveNothingAndAreCounted() throws IOException {
        int asked = gateway.mailbox.asked.get();
        for (int session = 0; session < 10; session++) {
            try (Client client = new Client(gateway.submission())) {
                Client.expect("220", client.reply());
                Client.expect("250", client.ask("EHLO client.test"));
                for (int i = 0; i < 20; i++) {
                    Client.expect("334", client.ask(i % 2 == 0 ? "AUTH PLAIN" : "AUTH LOGIN"));
                    Client.expect("501 5.7.0", client.ask("*"));
                }
                Client.expect("334", client.ask("AUTH LOGIN"));
                Client.expect("421 4.7.0", client.ask("*"));
                assertEquals("", client.reply());
            }
        }
        assertEquals(asked, gateway.mailbox.asked.get());
    }

    @Test
    void aRefusedLoginWaitsForItsAnswerAndTheThirdEndsTheSession() throws IOException {
        try (Client client = secureSubmission()) {
            Client.expect("220", client.reply());
            Client.expect("250", client.ask("EHLO client.test"));
            Client.expect("535 5.7.8", client.logIn(JONES, "wrong"));
            gateway.mailbox.status = 429;
            Client.expect("454 4.7.0", client.logIn(JONES, "wrong"));
            Client.expect("421 4.7.0", client.logIn(JONES, "wrong"));
        } finally {
            gateway.mailbox.status = 0;
        }
    }

    @Test
    void nobodyCanLogInWhileNobodyCanJudge() throws IOException {
        try (Client client = secureSubmission()) {
            gateway.mailbox.status = 503;
            Client.expect("220", client.reply());
            Client.expect("250", client.ask("EHLO client.test"));
            Client.expect("454 4.7.0", client.logIn(JONES, "secret"));
        } finally {
            gateway.mailbox.status = 0;
        }
    }

    @Test
    void newCertificatesAreUsedAndOpenSessionsGoOn() throws Exception {
        try (TestGateway own = new TestGateway(kafka);
                Client before = new Client(own.submissions()).handshake()) {
            Client.expect("220", before.reply());
            own.certificates.renew(TestGateway.keys("new.example.org"));
            assertEquals("CN=new.example.org", name(own));
            Client.expect("250", before.ask("EHLO client.test"));
            try (Client startTls = own.connect()) {
                Client.expect("220", startTls.reply());
                Client.expect("250", startTls.ask("EHLO client.test"));
                Client.expect("220", startTls.ask("STARTTLS"));
                assertEquals("CN=new.example.org", name(startTls.handshake()));
            }
        }
    }

    @Test
    void theNameInTheHelloChoosesTheCertificate() throws Exception {
        try (TestGateway own = new TestGateway(kafka)) {
            own.certificates.renew(TestGateway.keys("one.example", "two.example", "*.three.example"));
            assertEquals("CN=two.example", nameFor(own, "two.example"));
            assertEquals("CN=one.example", nameFor(own, "ONE.example"));
            assertEquals("CN=*.three.example", nameFor(own, "mx.three.example"));
            String other = nameFor(own, "deep.mx.three.example");
            assertEquals(other, nameFor(own, "unknown.example"));
            assertEquals(other, name(own));
        }
    }

    private static String nameFor(TestGateway gateway, String host) throws IOException {
        Socket socket = new Socket();
        socket.connect(gateway.submissions(), 5_000);
        try (SSLSocket secure = (SSLSocket) TrustAll.context().getSocketFactory().createSocket(socket, host, socket.getPort(), true)) {
            SSLParameters parameters = secure.getSSLParameters();
            parameters.setServerNames(List.of(new SNIHostName(host)));
            secure.setSSLParameters(parameters);
            secure.startHandshake();
            return ((X509Certificate) secure.getSession().getPeerCertificates()[0]).getSubjectX500Principal().getName();
        }
    }

    @Test
    void aProxyTellsWhoTheClientIs() throws Exception {
        Map<String, String> settings = Map.of("smtp.proxies", "127.0.0.0/8", "smtp.submission.proxies", "127.0.0.1",
                "smtp.max-connections-per-address", "1");
        try (TestGateway own = new TestGateway(kafka.properties(), settings)) {
            try (Client one = proxied(own.address(), "192.0.2.1"); Client other = proxied(own.address(), "192.0.2.2");
                    Client again = proxied(own.address(), "192.0.2.1")) {
                Client.expect("220", one.reply());
                Client.expect("220", other.reply());
                Client.expect("421 4.7.0", again.reply());
                Client.expect("250", one.ask("EHLO client.test"));
                one.nextMail("a@b.test", JONES).send("Subject: x\r\n\r\nhi\r\n");
                MailRecord.Whole<Envelope> mail = (MailRecord.Whole<Envelope>) kafka.mail(one.endMail()).getFirst();
                assertEquals("192.0.2.1", mail.envelope().client().address());
                assertTrue(mail.envelope().traceFields().contains("([192.0.2.1])"));
            }
            // A client elsewhere is no loopback peer, whatever the proxy is: no AUTH in clear text, and nobody is asked.
            try (Client client = proxied(own.submission(), "192.0.2.3")) {
                Client.expect("220", client.reply());
                Client.expect("250", client.ask("EHLO client.test"));
                Client.expect("538 5.7.11", client.logIn(JONES, "secret"));
                Client.expect("530 5.7.0", client.ask("MAIL FROM:<" + JONES + ">"));
                assertEquals(0, own.mailbox.asked.get());
            }
            try (Client client = proxied(own.submissions(), "192.0.2.4").handshake()) {
                Client.expect("220", client.reply());
                Client.expect("250", client.ask("EHLO client.test"));
            }
        }
    }

    @Test
    void withoutItsHeaderAProxyIsNotServedAndFromOthersItIsNoHeader() throws Exception {
        try (TestGateway own = new TestGateway(kafka, "smtp.proxies=127.0.0.1")) {
            try (Client client = own.connect()) {
                assertEquals("", client.send("EHLO client.test\r\n").reply());
            }
        }
        try (Client client = proxied(gateway.address(), "192.0.2.1")) {
            Client.expect("220", client.reply());
            Client.expect("500", client.reply());
        }
    }

    private static Client proxied(InetSocketAddress server, String client) throws IOException {
        return new Client(server).send("PROXY TCP4 " + client + " 192.0.2.99 1234 25\r\n");
    }

    private static String name(TestGateway gateway) {
        try (Client client = new Client(gateway.submissions()).handshake()) {
            return name(client);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String name(Client client) throws IOException {
        return ((X509Certificate) client.tls().getPeerCertificates()[0]).getSubjectX500Principal().getName();
    }

    private static Client secureSubmission() throws IOException {
        return new Client(gateway.submissions()).handshake();
    }

    private static SSLSocket unshaken(String version) throws IOException {
        Socket socket = new Socket();
        socket.connect(gateway.submissions(), 5_000);
        SSLSocket secure = (SSLSocket) TrustAll.context().getSocketFactory().createSocket(socket, "localhost", socket.getPort(), true);
        secure.setSoTimeout(30_000);
        secure.setEnabledProtocols(new String[] {version});
        return secure;
    }
}
