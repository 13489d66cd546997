package org.postbus.delivery.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.postbus.protocol.remote.Script.onCommand;
import static org.postbus.protocol.remote.Script.onConnect;
import static org.postbus.protocol.remote.Script.onMail;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.postbus.delivery.Fixtures;
import org.postbus.delivery.dsn.ReportedRecipient;
import org.postbus.events.MailIds;
import org.postbus.protocol.remote.RemoteMx;
import org.postbus.protocol.remote.Script;
import org.postbus.protocol.remote.Script.Answer;
import org.postbus.protocol.remote.Script.Moment;

/**
 * S5 and S30: remotes that break the protocol, or the connection. Each has a mail to take, all at the same time; when every first
 * attempt is over they turn into good servers. Nobody's mail is lost, and nobody's comes twice but where the remote had it whole.
 */
class BadRemotesTest {

    private static final String RELAYED = "relayed";
    private static final String LOST = "4.4.2";
    private static final String BAD = "4.5.0";
    private static final List<String> STARTTLS = List.of("PIPELINING", "STARTTLS");
    /** What a remote may say before we hang up: what socket buffers of the machine hold counts too. */
    private static final long MOST_SAID = 64L << 20;
    /** More than the socket buffers of both sides hold. */
    private static final int LARGE = 24 << 20;
    private static final String BINARY = "\0\1\2\u00ff\u00fe\r\n";

    /**
     * @param octets     of the mail's body, about
     * @param first      what the first attempt comes to: a status, or that the mail is relayed
     * @param wholeMails how often the remote has the whole mail before it in the end
     * @param taken      and how often it takes it
     */
    record Behaviour(String name, List<String> keywords, Script script, int octets, String first, int wholeMails, int taken) {

        static Behaviour of(String name, Script script, String first) {
            return new Behaviour(name, Elsewhere.USUAL, script, 100, first, 1, 1);
        }

        Behaviour with(List<String> others) {
            return new Behaviour(name, others, script, octets, first, wholeMails, taken);
        }

        Behaviour wholeMails(int count) {
            return new Behaviour(name, keywords, script, octets, first, count, taken);
        }

        Behaviour taken(int count) {
            return new Behaviour(name, keywords, script, octets, first, count, count);
        }

        Behaviour ofLargeMail() {
            return new Behaviour(name, keywords, script, LARGE, first, wholeMails, taken);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private record Remote(Behaviour behaviour, RemoteMx mx, AtomicInteger wholeMails) {
    }

    private static final Elsewhere ELSEWHERE = new Elsewhere();
    private static final Map<String, Remote> REMOTES = new HashMap<>();
    private static final Map<String, String> FIRST = new HashMap<>();
    private static final Map<String, String> DIAGNOSTICS = new HashMap<>();
    private static final List<String> TOLD = new ArrayList<>();
    private static RelayBench bench;

    static Stream<Behaviour> behaviours() {
        return Stream.of(atGreeting(), atCommands(), atMailData(), underTls()).flatMap(stream -> stream);
    }

    private static Stream<Behaviour> atGreeting() {
        return Stream.of(
                Behaviour.of("hangs up at once", onConnect(new Answer.Drop()), LOST),
                Behaviour.of("hangs up in the greeting", onConnect(new Answer.SayAndDrop("220 m")), LOST),
                Behaviour.of("no greeting", onConnect(new Answer.Nothing()), LOST),
                Behaviour.of("a greeting octet by octet", onConnect(new Answer.SaySlowly("220 " + "x".repeat(100) + "\r\n",
                        Duration.ofMillis(200))), LOST),
                Behaviour.of("554 as greeting", onConnect(new Answer.Say("554 no mail here\r\n")), "4.3.2"),
                Behaviour.of("421 as greeting", onConnect(new Answer.SayAndDrop("421 busy\r\n")), "4.3.2"),
                Behaviour.of("endless greeting", onConnect(new Answer.SayForEver("220-hello\r\n".repeat(1000))), BAD),
                Behaviour.of("endless line", onConnect(new Answer.SayForEver("220 " + "x".repeat(100_000))), BAD),
                Behaviour.of("two codes in one reply", onConnect(new Answer.Say("220-a\r\n250 b\r\n")), BAD),
                Behaviour.of("1yz as greeting", onConnect(new Answer.Say("120 soon\r\n")), BAD),
                Behaviour.of("999 as greeting", onConnect(new Answer.Say("999 x\r\n")), BAD),
                Behaviour.of("binary", onConnect(new Answer.Say(BINARY)), BAD),
                Behaviour.of("HTTP", onConnect(new Answer.Say("HTTP/1.1 400 Bad Request\r\n\r\n")), BAD));
    }

    private static Stream<Behaviour> atCommands() {
        return Stream.concat(Stream.of("EHLO", "MAIL", "RCPT", "DATA").flatMap(verb -> Stream.of(
                Behaviour.of("hangs up at " + verb, onCommand(verb, new Answer.Drop()), LOST),
                Behaviour.of("silent at " + verb, onCommand(verb, new Answer.Nothing()), LOST).with(List.of()),
                Behaviour.of("421 at " + verb, onCommand(verb, new Answer.SayAndDrop("421 4.3.2 shutting down\r\n")), "4.3.2"))),
                Stream.of(
                Behaviour.of("endless 250- at EHLO", onCommand("EHLO", new Answer.SayForEver("250-x\r\n".repeat(1000))), BAD),
                Behaviour.of("endless 250- at RCPT", onCommand("RCPT", new Answer.SayForEver("250-x\r\n".repeat(1000))), BAD),
                Behaviour.of("binary at MAIL", onCommand("MAIL", new Answer.Say(BINARY)), BAD),
                Behaviour.of("354 at MAIL", onCommand("MAIL", new Answer.Say("354 go\r\n")), BAD),
                Behaviour.of("8-bit and control characters at RCPT",
                        onCommand("RCPT", new Answer.Say("450 4.2.1 sp\u00e4ter\u001b[2J\r\n")), "4.2.1"),
                Behaviour.of("all recipients refused", onCommand("RCPT", new Answer.Say("550 5.1.1 who?\r\n")), "5.1.1").wholeMails(0),
                Behaviour.of("two replies to MAIL", onCommand("MAIL", new Answer.Say("250 ok\r\n250 ok\r\n")), BAD).with(List.of()),
                Behaviour.of("250 to DATA", onCommand("DATA", new Answer.Say("250 ok\r\n")), BAD),
                Behaviour.of("silent at QUIT", onCommand("QUIT", new Answer.Nothing()), RELAYED),
                Behaviour.of("hangs up at QUIT", onCommand("QUIT", new Answer.Drop()), RELAYED)));
    }

    private static Stream<Behaviour> atMailData() {
        return Stream.of(
                Behaviour.of("hangs up in mail data", onCommand("DATA", new Answer.SayAndDrop("354 go\r\n")), LOST),
                Behaviour.of("reads no mail data", onCommand("DATA", new Answer.SayAndBeDeaf("354 go\r\n")), LOST).ofLargeMail(),
                Behaviour.of("taken before it is there", onCommand("DATA", new Answer.Say("354 go\r\n250 taken\r\n")), BAD),
                Behaviour.of("refused behind 354", onMail(new Answer.Say("554 5.6.0 no\r\n")), "5.6.0"),
                Behaviour.of("deferred behind 354", onMail(new Answer.Say("451 4.3.0 no\r\n")), "4.3.0").wholeMails(2),
                Behaviour.of("hangs up behind the dot", onMail(new Answer.Drop()), LOST).wholeMails(2),
                Behaviour.of("silent behind the dot", onMail(new Answer.Nothing()), LOST).wholeMails(2),
                Behaviour.of("hangs up in the reply to the dot", onMail(new Answer.SayAndDrop("250 ta")), LOST).taken(2),
                Behaviour.of("garbage behind the dot", onMail(new Answer.Say("ok\r\n")), BAD).wholeMails(2),
                Behaviour.of("421 behind the dot", onMail(new Answer.SayAndDrop("421 4.3.2 no\r\n")), "4.3.2").wholeMails(2),
                Behaviour.of("endless 250- behind the dot", onMail(new Answer.SayForEver("250-x\r\n".repeat(1000))), BAD).wholeMails(2),
                Behaviour.of("hangs up behind a chunk", onMail(new Answer.Drop()), LOST).with(Elsewhere.CHUNKING).wholeMails(2),
                Behaviour.of("hangs up when it has taken the mail", onMail(new Answer.SayAndDrop("250 taken\r\n")), RELAYED));
    }

    private static Stream<Behaviour> underTls() {
        return Stream.of(
                // S5: behind the reply to STARTTLS stands what is to be taken for the reply to EHLO.
                Behaviour.of("two replies to STARTTLS in one segment",
                        onCommand("STARTTLS", new Answer.Say("220 go\r\n250-mx\r\n250 AUTH PLAIN\r\n")), "4.7.0").with(STARTTLS),
                Behaviour.of("garbage as handshake", onCommand("STARTTLS", new Answer.SayThenDrop("220 go\r\n", BINARY.repeat(100))),
                        RELAYED).with(STARTTLS),
                Behaviour.of("hangs up in the handshake", onCommand("STARTTLS", new Answer.SayAndDrop("220 go\r\n")), RELAYED)
                        .with(STARTTLS),
                Behaviour.of("silent in the handshake", onCommand("STARTTLS", new Answer.Say("220 go\r\n")), RELAYED).with(STARTTLS));
    }

    @BeforeAll
    static void sendToAll() throws Exception {
        behaviours().forEach(behaviour -> {
            AtomicInteger wholeMails = new AtomicInteger();
            Script counting = (moment, session) -> {
                if (moment instanceof Moment.MailComplete) {
                    wholeMails.incrementAndGet();
                }
                return behaviour.script().to(moment, session);
            };
            String domain = "d" + REMOTES.size() + ".test";
            REMOTES.put(behaviour.name(), new Remote(behaviour,
                    ELSEWHERE.domain(domain, behaviour.keywords(), Optional.empty(), counting), wholeMails));
        });
        bench = new RelayBench(ELSEWHERE.settings(Map.of("relay.mail-timeout", "5s"))).start();
        for (Remote remote : REMOTES.values()) {
            UUID mailId = MailIds.mint();
            String line = "x".repeat(98) + "\r\n";
            bench.enqueue(Fixtures.envelope(mailId, "ann@one.test", recipient(remote)),
                    Fixtures.octets("Subject: hi\r\n\r\n" + line.repeat(remote.behaviour().octets() / line.length())), recipient(remote));
        }
        bench.settled();
        rememberFirst();
        REMOTES.values().forEach(remote -> remote.mx().script((moment, session) -> {
            if (moment instanceof Moment.MailComplete) {
                remote.wholeMails().incrementAndGet();
            }
            return new Answer.Usual();
        }));
        for (int round = 0; round < 5 && bench.queued() > 0; round++) {
            bench.pass(Duration.ofMinutes(10));
            bench.settled();
        }
        bench.reports().forEach(report -> report.recipients().forEach(one -> TOLD.add(one.finalRecipient())));
    }

    private static void rememberFirst() throws Exception {
        for (Remote remote : REMOTES.values()) {
            String of = " from recipient where final_recipient = '" + recipient(remote) + "'";
            bench.texts("select status" + of).forEach(status -> FIRST.put(remote.behaviour().name(), status));
            bench.texts("select diagnostic_code" + of).forEach(text -> DIAGNOSTICS.put(remote.behaviour().name(), text));
        }
        for (ReportedRecipient failed : bench.reports().stream().flatMap(report -> report.recipients().stream()).toList()) {
            REMOTES.values().stream().filter(remote -> recipient(remote).equals(failed.finalRecipient()))
                    .forEach(remote -> FIRST.put(remote.behaviour().name(), failed.status()));
        }
    }

    private static String recipient(Remote remote) {
        return "bob@" + remote.mx().name().substring("mx.".length());
    }

    @AfterAll
    static void end() throws Exception {
        bench.close();
        ELSEWHERE.close();
    }

    @ParameterizedTest
    @MethodSource("behaviours")
    void noMailIsLost(Behaviour behaviour) throws Exception {
        Remote remote = REMOTES.get(behaviour.name());
        assertEquals(behaviour.first(), FIRST.getOrDefault(behaviour.name(), RELAYED), DIAGNOSTICS.get(behaviour.name()));
        assertTrue(DIAGNOSTICS.getOrDefault(behaviour.name(), "").matches("[ -~]{0,500}"));
        boolean failed = behaviour.first().startsWith("5");
        assertEquals(0, bench.count("select count(*) from recipient where final_recipient = '" + recipient(remote) + "'"));
        assertEquals(failed ? 0 : behaviour.taken(), remote.mx().mails().size());
        assertEquals(failed ? 1 : 0, TOLD.stream().filter(recipient(remote)::equals).count());
        assertEquals(behaviour.wholeMails(), remote.wholeMails().get());
        assertTrue(remote.mx().said() < MOST_SAID, "it could say " + remote.mx().said() + " octets");
    }
}
