package org.postbus.systemtest.threats;

import static org.postbus.systemtest.threats.Wire.expect;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.postbus.delivery.dns.ScriptedDns;
import org.postbus.protocol.remote.ReceivedMail;
import org.postbus.protocol.remote.Script;
import org.postbus.protocol.remote.Script.Answer;
import org.postbus.protocol.remote.Script.Moment;
import org.postbus.systemtest.Await;
import org.postbus.systemtest.SmtpClient;
import org.postbus.systemtest.relay.Account;
import org.postbus.systemtest.relay.Arrived;
import org.postbus.systemtest.relay.Relaying;

/** S23, S24, S29: mail that goes round over other servers, that is sent back to strangers, that is for what only we can reach. */
@ExtendWith({Relaying.Shared.class, ThreatReport.class})
class RelayThreatsTest {

    private static final String DOMAIN = "relay-threats.test";
    private static final String VICTIM = "victim@far.test";
    private static final Duration ENDS_WITHIN = Duration.ofSeconds(60);
    private static final int MAX_HOPS = 50;
    private static final int RECIPIENTS = 25;
    private static final int CLIENTS = 16;

    private final Relaying relaying;

    RelayThreatsTest(Relaying relaying) {
        this.relaying = relaying;
        relaying.platform().admin().domain(DOMAIN);
    }

    @AfterEach
    void takesEverythingAgain() {
        relaying.remote().script(Script.USUAL);
    }

    @Test
    @DisplayName("S23 from us to another server and back to us, and so on: 554 5.4.6 after 50 hops at most, and one DSN")
    void circleOverAnotherServer() throws Exception {
        Row row = new Row("S23 circle", 1);
        String round = "round@" + DOMAIN;
        String subject = UUID.randomUUID().toString();
        relaying.platform().admin().alias(round, List.of("round@remote.test"));
        Queue<String> answers = new ConcurrentLinkedQueue<>();
        relaying.remote().script((moment, session) -> moment instanceof Moment.MailComplete(var mail) && mail.text().contains(subject)
                ? new Answer.Say(noted(answers, backTo(round, mail)) + "\r\n") : new Answer.Usual());
        stranger("ann@far.test", round, subject);
        ReceivedMail told = Await.answer("the end of the circle", ENDS_WITHIN,
                () -> Arrived.all(relaying.far(), subject).stream().findFirst());
        List<String> refused = answers.stream().filter(answer -> !answer.startsWith("250 ")).toList();
        row.judged(refused.size() == 1 && refused.getFirst().startsWith("554 5.4.6"), "the circle ended with " + refused);
        row.holds(answers.size() <= MAX_HOPS, "it went round " + answers.size() + " times");
        row.holds(told.mail().startsWith("MAIL FROM:<>") && told.recipients().equals(List.of("RCPT TO:<ann@far.test>")),
                "told so: " + told.mail() + told.recipients());
        row.holds(notifications() == 1, "notifications: " + notifications());
        row.end();
    }

    private static String noted(Queue<String> answers, String answer) {
        answers.add(answer);
        return answer;
    }

    /** What another server does: one Received field more, and on to where the recipient's mail is forwarded to. */
    private String backTo(String forwardPath, ReceivedMail mail) {
        String reversePath = mail.mail().substring(mail.mail().indexOf('<') + 1, mail.mail().indexOf('>'));
        try (Wire wire = Wire.greeted(relaying.platform().smtpPort())) {
            return wire.startMail(reversePath, forwardPath)
                    .send("Received: from a.test by mx.remote.test; Sat, 28 Nov 2026 10:15:30 +0000\r\n").send(mail.octets()).ask(".");
        } catch (IOException e) {
            return "451 4.3.0 " + e.getMessage();
        }
    }

    private int notifications() {
        return new EventLog(relaying.platform()).accepted(mail -> mail.reversePath().isEmpty()
                && mail.forwardPaths().stream().anyMatch(path -> path.endsWith("far.test=ann@" + DOMAIN))).size();
    }

    @Test
    @DisplayName("S24 mail to nobody from forged addresses elsewhere: refused at RCPT, and nothing goes out")
    void backscatterToElsewhere() throws Exception {
        Row row = new Row("S24 elsewhere", 10_000);
        try (ExecutorService clients = Executors.newFixedThreadPool(CLIENTS)) {
            for (int sent = 0; sent < row.count(); sent += RECIPIENTS) {
                clients.submit(() -> forge(row));
            }
        }
        // A mail that fails later shows that a notification would get there.
        String full = "full@" + DOMAIN;
        relaying.platform().admin().account(full, "secret of nobody", OptionalLong.of(1));
        String subject = UUID.randomUUID().toString();
        stranger("", full, subject);
        stranger(VICTIM, full, subject);
        Arrived.await(relaying.far(), subject);
        List<String> told = relaying.far().mails().stream().flatMap(mail -> mail.recipients().stream()).filter(one -> one.contains(VICTIM)).toList();
        row.holds(told.size() == 1, "the victim was sent " + told.size() + " notifications");
        row.end();
    }

    private void forge(Row row) {
        try (Wire wire = Wire.greeted(relaying.platform().smtpPort())) {
            expect("250", wire.ask("MAIL FROM:<" + VICTIM + ">"));
            for (int n = 0; n < RECIPIENTS; n++) {
                String nobody = Long.toString(row.random().nextLong() & Long.MAX_VALUE, 36) + "@" + DOMAIN;
                row.answered("RCPT TO:<" + nobody + ">", wire.ask("RCPT TO:<" + nobody + ">"), "550 5.1.1");
            }
            row.holds(wire.ask("DATA").startsWith("554 "), "DATA without recipients");
        } catch (IOException | AssertionError e) {
            row.holds(false, "a session ended: " + e);
        }
    }

    private void stranger(String reversePath, String forwardPath, String subject) throws IOException {
        try (SmtpClient smtp = relaying.platform().smtp()) {
            smtp.mail(reversePath, List.of(forwardPath), "Subject: " + subject + "\r\n\r\nhi\r\n");
        }
    }

    /** How a domain can lead to what only this machine reaches. */
    private static List<BiConsumer<ScriptedDns, String>> ways() throws IOException {
        List<BiConsumer<ScriptedDns, String>> ways = new ArrayList<>();
        List<String> addresses = new ArrayList<>(List.of("127.0.0.1", "127.8.9.1", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.0.1",
                "169.254.169.254", "100.64.0.1", "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fd00::1",
                "64:ff9b::7f00:1", "2002:7f00:1::"));
        own().ifPresent(addresses::add);
        addresses.forEach(address -> ways.add((dns, domain) -> dns.mx(domain, 10, "mx." + domain).address("mx." + domain, address)));
        // Without MX; by another name; by a name that looks like an address; beside one that is no better.
        ways.add((dns, domain) -> dns.address(domain, "127.0.0.1"));
        ways.add((dns, domain) -> dns.mx(domain, 10, "mx." + domain).cname("mx." + domain, "a." + domain).address("a." + domain, "127.0.0.1"));
        ways.add((dns, domain) -> dns.mx(domain, 10, "127.0.0.1"));
        ways.add((dns, domain) -> dns.mx(domain, 10, "localhost"));
        ways.add((dns, domain) -> dns.mx(domain, 10, "a." + domain).address("a." + domain, "10.0.0.1")
                .mx(domain, 20, "b." + domain).address("b." + domain, "::1"));
        ways.add((dns, domain) -> dns.mx(domain, 0, "."));
        return ways;
    }

    /** An address of this machine beside loopback. */
    private static Optional<String> own() throws IOException {
        return NetworkInterface.networkInterfaces().flatMap(NetworkInterface::inetAddresses)
                .filter(address -> address instanceof Inet4Address && !address.isLoopbackAddress())
                .map(InetAddress::getHostAddress).findFirst();
    }

    @Test
    @DisplayName("S29 domains whose mail hosts are loopback, private, link-local or our own: a failure and no connection")
    void hostsThatOnlyWeReach() throws Exception {
        Row row = new Row("S29", ways().size());
        Account alice = relaying.account("alice@" + DOMAIN);
        int before = relaying.trap().connections();
        List<BiConsumer<ScriptedDns, String>> ways = ways();
        for (int n = 0; n < ways.size(); n++) {
            ways.get(n).accept(relaying.dns(), Relaying.ODD.get(n));
        }
        List<String> domains = Relaying.ODD.subList(0, ways.size());
        alice.send("odd", domains.stream().map(domain -> "x@" + domain).toArray(String[]::new));
        for (String domain : domains) {
            String report = alice.maildrop().awaitContaining("Final-Recipient: rfc822; x@" + domain + "\r\nAction: ");
            row.judged(report.contains("Final-Recipient: rfc822; x@" + domain + "\r\nAction: failed\r\nStatus: 5."), domain + ": " + report);
        }
        literals(row, alice);
        row.holds(relaying.trap().connections() == before, "there were connections");
        // What is allowed shows that those would have been heard of.
        String allowed = Relaying.ODD.getLast();
        relaying.dns().mx(allowed, 10, "mx." + allowed).address("mx." + allowed, Relaying.ALLOWED);
        String subject = UUID.randomUUID().toString();
        alice.send(subject, "x@" + allowed);
        Arrived.await(relaying.trap(), subject);
        row.end();
    }

    /** They are refused before anything is asked for. */
    private static void literals(Row row, Account alice) throws IOException {
        try (SmtpClient smtp = alice.session()) {
            expect("250", smtp.command("MAIL FROM:<" + alice.address() + ">"));
            for (String host : List.of("[127.0.0.1]", "[10.0.0.1]", "[169.254.169.254]", "[IPv6:::1]", "[IPv6:::ffff:127.0.0.1]", "[IPv6:fe80::1]",
                    "127.0.0.1", "10.1", "localhost", "2130706433", "0x7f000001", "127.1")) {
                row.answered("RCPT TO:<x@" + host + ">", smtp.command("RCPT TO:<x@" + host + ">"), "550 5.7.1", "554 5.1.2", "501 ");
            }
        }
    }
}
