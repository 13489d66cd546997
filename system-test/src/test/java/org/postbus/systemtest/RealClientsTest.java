package org.postbus.systemtest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.mail.Flags;
import jakarta.mail.Folder;
import jakarta.mail.Message;
import jakarta.mail.Session;
import jakarta.mail.Store;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Mail clients that others wrote: Angus Mail, curl, swaks, Python's smtplib and poplib. */
@ExtendWith(SharedPlatform.class)
class RealClientsTest {

    private static final String ADDRESS = "reader@clients.test";
    private static final String PASSWORD = "secret-of-reader";

    @TempDir
    Path folder;

    private final RunningPlatform platform;

    RealClientsTest(RunningPlatform platform) {
        this.platform = platform;
        platform.admin().domain("clients.test");
        platform.admin().account(ADDRESS, PASSWORD);
    }

    @Test
    void angusMailSendsReadsAndDeletes() throws Exception {
        Session session = Session.getInstance(new Properties());
        MimeMessage sent = new MimeMessage(session);
        sent.setFrom("writer@clients.test");
        sent.setRecipient(Message.RecipientType.TO, new InternetAddress(ADDRESS));
        String subject = "Grüße " + UUID.randomUUID();
        sent.setSubject(subject, "UTF-8");
        sent.setText("Schöne Grüße\r\n.\r\n..\r\n", "UTF-8");
        try (Transport smtp = session.getTransport("smtp")) {
            smtp.connect("localhost", platform.smtpPort(), null, null);
            smtp.sendMessage(sent, sent.getAllRecipients());
        }
        assertEquals("Schöne Grüße\r\n.\r\n..\r\n", awaitAndDelete(session, subject));
        assertTrue(take(session, subject).isEmpty(), "it was deleted");
    }

    @Test
    void curlSendsAndReads() throws Exception {
        String subject = UUID.randomUUID().toString();
        Path mail = Files.writeString(folder.resolve("mail"), "Subject: " + subject + "\n\nby curl\n");
        Launcher.Result sent = Launcher.run(List.of("curl", "-sS", "--crlf", "-T", mail.toString(),
                "--mail-from", "writer@clients.test", "--mail-rcpt", ADDRESS, "smtp://localhost:" + platform.smtpPort()));
        assertEquals(0, sent.status(), sent.output());
        new Maildrop(platform, ADDRESS, PASSWORD).awaitContaining(subject);
        assertTrue(curlReads(subject, "by curl", "pop3://localhost:" + platform.pop3Port() + "/"));
        assertTrue(curlReads(subject, "by curl", "pop3s://localhost:" + platform.pop3sPort() + "/"));
    }

    @Test
    void swaksSends() throws Exception {
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/swaks")), "skipped: swaks is not installed");
        String subject = UUID.randomUUID().toString();
        Launcher.Result sent = Launcher.run(List.of("swaks", "--server", "localhost", "--port",
                String.valueOf(platform.smtpPort()), "--from", "writer@clients.test", "--to", ADDRESS,
                "--header", "Subject: " + subject, "--pipeline"));
        assertEquals(0, sent.status(), sent.output());
        new Maildrop(platform, ADDRESS, PASSWORD).awaitContaining(subject);
    }

    @Test
    void angusMailSubmitsUnderTls() throws Exception {
        for (String protocol : List.of("smtp", "smtps")) {
            Properties properties = new Properties();
            properties.put("mail.smtp.starttls.required", "true");
            properties.put("mail." + protocol + ".ssl.trust", "*");
            properties.put("mail." + protocol + ".ssl.checkserveridentity", "false");
            Session session = Session.getInstance(properties);
            MimeMessage sent = new MimeMessage(session);
            sent.setFrom(ADDRESS);
            sent.setRecipient(Message.RecipientType.TO, new InternetAddress(ADDRESS));
            String subject = protocol + " " + UUID.randomUUID();
            sent.setSubject(subject);
            sent.setText("submitted");
            try (Transport smtp = session.getTransport(protocol)) {
                smtp.connect("localhost", protocol.equals("smtp") ? platform.submissionPort() : platform.submissionsPort(),
                        ADDRESS, PASSWORD);
                smtp.sendMessage(sent, sent.getAllRecipients());
            }
            assertArrived(subject, "with ESMTPSA (TLSv1.3)");
        }
    }

    @Test
    void curlSubmitsUnderTls() throws Exception {
        for (String url : List.of("smtps://localhost:" + platform.submissionsPort(), "smtp://localhost:" + platform.submissionPort())) {
            String subject = UUID.randomUUID().toString();
            Path mail = Files.writeString(folder.resolve("mail"), "Subject: " + subject + "\n\nby curl\n");
            Launcher.Result sent = Launcher.run(List.of("curl", "-sS", "-k", "--ssl-reqd", "--crlf", "-T", mail.toString(),
                    "-u", ADDRESS + ":" + PASSWORD, "--mail-from", ADDRESS, "--mail-rcpt", ADDRESS, url));
            assertEquals(0, sent.status(), sent.output());
            assertArrived(subject, "with ESMTPSA");
        }
    }

    @Test
    void swaksSubmitsByEachMechanism() throws Exception {
        boolean there = Files.isExecutable(Path.of("/usr/bin/swaks"))
                && Launcher.run(List.of("perl", "-MNet::SSLeay", "-e", "1")).status() == 0;
        Assumptions.assumeTrue(there, "skipped: swaks and Net::SSLeay are not installed");
        for (String mechanism : List.of("PLAIN", "LOGIN")) {
            String subject = UUID.randomUUID().toString();
            Launcher.Result sent = Launcher.run(List.of("swaks", "--server", "localhost", "--port",
                    String.valueOf(platform.submissionPort()), "--tls", "--auth", mechanism, "--auth-user", ADDRESS,
                    "--auth-password", PASSWORD, "--from", ADDRESS, "--to", ADDRESS, "--header", "Subject: " + subject));
            assertEquals(0, sent.status(), sent.output());
            assertArrived(subject, "with ESMTPSA");
        }
    }

    @Test
    void pythonSubmitsUnderTls() throws Exception {
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/python3")), "skipped: Python is not installed");
        String subject = UUID.randomUUID().toString();
        Path script = Files.writeString(folder.resolve("submit.py"), """
                import smtplib, ssl, sys
                port, name, password, subject = sys.argv[1:]
                any_certificate = ssl._create_unverified_context()
                with smtplib.SMTP("localhost", int(port)) as smtp:
                    smtp.starttls(context=any_certificate)
                    smtp.login(name, password)
                    smtp.sendmail(name, [name], f"Subject: {subject}\\r\\n\\r\\nby Python\\r\\n")
                """);
        Launcher.Result sent = Launcher.run(List.of("python3", script.toString(), String.valueOf(platform.submissionPort()),
                ADDRESS, PASSWORD, subject));
        assertEquals(0, sent.status(), sent.output());
        assertArrived(subject, "with ESMTPSA");
    }

    @Test
    void angusMailReadsUnderTlsByEachMechanism() throws Exception {
        for (String protocol : List.of("pop3", "pop3s")) {
            for (String mechanism : List.of("", "PLAIN", "LOGIN")) {
                String subject = deliver();
                Properties properties = new Properties();
                properties.put("mail.pop3.starttls.required", "true");
                properties.put("mail." + protocol + ".ssl.trust", "*");
                properties.put("mail." + protocol + ".ssl.checkserveridentity", "false");
                if (!mechanism.isEmpty()) {
                    properties.put("mail." + protocol + ".auth.mechanisms", mechanism);
                }
                int port = protocol.equals("pop3") ? platform.pop3Port() : platform.pop3sPort();
                assertEquals("by test\r\n", take(Session.getInstance(properties), protocol, port, subject).orElseThrow());
            }
        }
    }

    @Test
    void curlReadsUnderTlsByEachMechanism() throws Exception {
        String subject = deliver();
        for (String url : List.of("pop3://localhost:" + platform.pop3Port() + "/", "pop3s://localhost:" + platform.pop3sPort() + "/")) {
            for (String login : List.of("AUTH=PLAIN", "AUTH=LOGIN", "AUTH=*")) {
                assertTrue(curlReads(subject, "by test", url, "--ssl-reqd", "--login-options", login), url + " " + login);
            }
        }
    }

    @Test
    void pythonReadsAndDeletesUnderTls() throws Exception {
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/python3")), "skipped: Python is not installed");
        Path script = Files.writeString(folder.resolve("read.py"), """
                import poplib, ssl, sys
                port, secure, name, password, subject = sys.argv[1:]
                any_certificate = ssl._create_unverified_context()
                if secure == "POP3S":
                    pop3 = poplib.POP3_SSL("localhost", int(port), context=any_certificate)
                else:
                    pop3 = poplib.POP3("localhost", int(port))
                    assert "STLS" in pop3.capa()
                    pop3.stls(context=any_certificate)
                assert "SASL" in pop3.capa() and "STLS" not in pop3.capa()
                pop3.utf8()
                pop3.user(name)
                pop3.pass_(password)
                found = 0
                for number in range(1, pop3.stat()[0] + 1):
                    lines = pop3.retr(number)[1]
                    assert len(pop3.uidl(number).split()[2]) <= 70
                    if b"Subject: " + subject.encode() in pop3.top(number, 0)[1]:
                        assert lines[-1] == b"by test"
                        pop3.dele(number)
                        found += 1
                pop3.quit()
                print("found", found)
                """);
        for (String secure : List.of("STLS", "POP3S")) {
            String subject = deliver();
            int port = secure.equals("STLS") ? platform.pop3Port() : platform.pop3sPort();
            for (int found : new int[] {1, 0}) {
                Launcher.Result read = Launcher.run(List.of("python3", script.toString(), String.valueOf(port), secure, ADDRESS,
                        PASSWORD, subject));
                assertEquals("found " + found, read.output().strip());
            }
        }
    }

    /** A mail in the maildrop; its subject. */
    private String deliver() throws Exception {
        String subject = UUID.randomUUID().toString();
        try (SmtpClient smtp = platform.smtp()) {
            String mailId = smtp.mail("", List.of(ADDRESS), "Subject: " + subject + "\r\n\r\nby test\r\n");
            new Maildrop(platform, ADDRESS, PASSWORD).await(mailId);
        }
        return subject;
    }

    private void assertArrived(String subject, String trace) throws Exception {
        String text = new Maildrop(platform, ADDRESS, PASSWORD).awaitContaining(subject);
        assertTrue(text.contains(trace), text);
    }

    private boolean curlReads(String subject, String text, String url, String... options) {
        List<String> curl = new ArrayList<>(List.of("curl", "-sS", "-k", "-u", ADDRESS + ":" + PASSWORD));
        curl.addAll(List.of(options));
        Launcher.Result listed = Launcher.run(with(curl, url));
        assertEquals(0, listed.status(), listed.output());
        return listed.output().lines().map(line -> Launcher.run(with(curl, url + line.split(" ")[0])))
                .anyMatch(read -> read.output().contains(subject) && read.output().contains(text));
    }

    private static List<String> with(List<String> command, String last) {
        return Stream.concat(command.stream(), Stream.of(last)).toList();
    }

    private String awaitAndDelete(Session session, String subject) throws Exception {
        return Await.answer(subject, Duration.ofSeconds(60), () -> take(session, subject));
    }

    /** Reads and deletes the mail with the subject, if it is there. */
    private Optional<String> take(Session session, String subject) throws Exception {
        return take(session, "pop3", platform.pop3Port(), subject);
    }

    private static Optional<String> take(Session session, String protocol, int port, String subject) throws Exception {
        try (Store store = session.getStore(protocol)) {
            store.connect("localhost", port, ADDRESS, PASSWORD);
            try (Folder inbox = store.getFolder("INBOX")) {
                inbox.open(Folder.READ_WRITE);
                for (Message message : inbox.getMessages()) {
                    if (subject.equals(message.getSubject())) {
                        String text = (String) message.getContent();
                        message.setFlag(Flags.Flag.DELETED, true);
                        return Optional.of(text);
                    }
                }
                return Optional.empty();
            }
        }
    }
}
