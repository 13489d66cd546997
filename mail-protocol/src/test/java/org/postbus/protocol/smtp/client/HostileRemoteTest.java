package org.postbus.protocol.smtp.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.postbus.protocol.sasl.Credentials;

/** S5 and S30: remotes that break the protocol, each against a connection with one mail for a and b; then they hang up. */
class HostileRemoteTest {

    private static final String GREETING = "220 mx\r\n";
    private static final String PIPELINING = "250-mx\r\n250 PIPELINING\r\n";
    private static final String CHUNKING = "250-mx\r\n250-PIPELINING\r\n250 CHUNKING\r\n";
    private static final String PLAIN_EHLO = "250 mx\r\n";
    private static final String ENVELOPE = "250 ok\r\n250 ok\r\n250 ok\r\n";
    private static final String LOST = "temporary 4.4.2 HOST";
    private static final String BAD = "temporary 4.5.0 HOST";
    private static final String NOTHING_SENT = "";
    private static final String NONE = "";

    /**
     * @param says    writes of the remote, one after the other
     * @param outcome of each of the two recipients; empty where the mail never began
     * @param failure of the connection; empty where the client had said QUIT
     */
    record Behaviour(String name, List<String> says, String outcome, String failure) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Behaviour> behaviours() {
        return Stream.of(
                early("endless 220-", "220-hello\r\n".repeat(100_000)),
                early("201 lines", "220-x\r\n".repeat(200) + "220 x\r\n"),
                early("more than 64 KiB in few lines", ("220-" + "x".repeat(2000) + "\r\n").repeat(40)),
                early("endless line", "220 " + "x".repeat(1_000_000)),
                early("a line of 2049 octets", "220 " + "x".repeat(2043) + "\r\n"),
                early("two codes in one reply", "220-a\r\n250 b\r\n"),
                early("no code", "hello there\r\n"),
                early("HTTP", "HTTP/1.1 400 Bad Request\r\n\r\n"),
                early("SSH", "SSH-2.0-OpenSSH_9.2\r\n"),
                early("POP3", "+OK\r\n"),
                early("an empty line", "\r\n220 mx\r\n"),
                early("code 999", "999 x\r\n"),
                early("code 000", "000 x\r\n"),
                early("two digits", "22 x\r\n"),
                early("four digits", "2200 x\r\n"),
                early("digits that are none", "\u00b2\u00b2\u00b2 x\r\n"),
                early("NULs", "\0\0\0\0\r\n"),
                early("a TLS record", "\u0016\u0003\u0001\0\5hello\n"),
                early("1yz as greeting", "120 soon\r\n"),
                early("354 as greeting", "354 go on\r\n"),
                of("CR as line end", NOTHING_SENT, "4.4.2 HOST", "220 mx\r250 x\r"),
                of("silence", NOTHING_SENT, "4.4.2 HOST", ""),
                of("hangs up in a line", NOTHING_SENT, "4.4.2 HOST", "220 m"),
                of("hangs up in a reply", NOTHING_SENT, "4.4.2 HOST", "220-mx\r\n"),
                of("421 to EHLO", NOTHING_SENT, "4.3.2 HOST", GREETING, "421 no\r\n"),
                of("550 to EHLO", NOTHING_SENT, "4.0.0 HOST", GREETING, "550 go away\r\n"),
                of("550 to HELO", NOTHING_SENT, "4.7.1 HOST", GREETING, "502 no\r\n", "550 5.7.1 go away\r\n"),
                of("354 to EHLO", NOTHING_SENT, "4.5.0 HOST", GREETING, "354 go on\r\n"),
                of("a second reply to EHLO", NOTHING_SENT, "4.5.0 HOST", GREETING, PLAIN_EHLO + "250 x\r\n"),
                of("half a reply behind that to EHLO", NOTHING_SENT, "4.4.2 HOST", GREETING, PLAIN_EHLO + "25"),
                of("421 behind EHLO", NOTHING_SENT, "4.3.2 HOST", GREETING, PLAIN_EHLO + "421 idle\r\n"),
                of("1yz to MAIL", BAD, "4.5.0 HOST", GREETING, PLAIN_EHLO, "150 x\r\n"),
                of("354 to MAIL", BAD, "4.5.0 HOST", GREETING, PLAIN_EHLO, "354 x\r\n"),
                of("334 to RCPT", BAD, "4.5.0 HOST", GREETING, PLAIN_EHLO, "250 ok\r\n", "334 x\r\n"),
                of("two replies to MAIL", BAD, "4.5.0 HOST", GREETING, PLAIN_EHLO, "250 ok\r\n250 ok\r\n"),
                of("250 to DATA", BAD, "4.5.0 HOST", GREETING, PIPELINING, ENVELOPE + "250 ok\r\n"),
                of("a reply too few", LOST, "4.4.2 HOST", GREETING, PIPELINING, ENVELOPE),
                of("garbage between replies", BAD, "4.5.0 HOST", GREETING, PIPELINING, "250 ok\r\nx\r\n250 ok\r\n354 x\r\n"),
                of("250 before mail data", BAD, "4.5.0 HOST", GREETING, PIPELINING, ENVELOPE + "354 x\r\n250 taken\r\n"),
                of("552 before mail data", "permanent 5.3.4 MAIL", "5.3.4 MAIL", GREETING, PIPELINING,
                        ENVELOPE + "354 x\r\n552 large\r\n"),
                of("421 before mail data", "temporary 4.3.2 HOST", "4.3.2 HOST", GREETING, PIPELINING,
                        ENVELOPE + "354 x\r\n421 no\r\n"),
                of("354 to the dot", BAD + " uncertain", "4.5.0 HOST", GREETING, PIPELINING, ENVELOPE + "354 x\r\n", "354 x\r\n"),
                of("garbage to the dot", BAD + " uncertain", "4.5.0 HOST", GREETING, PIPELINING, ENVELOPE + "354 x\r\n", "ok\r\n"),
                of("endless reply to the dot", BAD + " uncertain", "4.5.0 HOST", GREETING, PIPELINING, ENVELOPE + "354 x\r\n",
                        "250-x\r\n".repeat(10_000)),
                of("hangs up in the reply to the dot", LOST + " uncertain", "4.4.2 HOST", GREETING, PIPELINING,
                        ENVELOPE + "354 x\r\n", "250 ta"),
                of("hangs up behind a small mail", LOST + " uncertain", "4.4.2 HOST", GREETING, CHUNKING),
                of("354 to a chunk", BAD + " uncertain", "4.5.0 HOST", GREETING, CHUNKING, ENVELOPE + "354 x\r\n"),
                of("recipients without MAIL", "permanent 5.0.0 MAIL", NONE, GREETING, PIPELINING,
                        "550 no\r\n250 ok\r\n250 ok\r\n354 x\r\n", "250 taken\r\n"),
                of("an enhanced code that lies for the worse", "relayed 2.0.0", NONE, GREETING, PIPELINING, ENVELOPE + "354 x\r\n",
                        "250 5.1.1 no\r\n"),
                of("an enhanced code that lies for the better", "permanent 5.0.0 MAIL", NONE, GREETING, PIPELINING,
                        ENVELOPE + "354 x\r\n", "550 2.0.0 yes\r\n"),
                of("more replies than commands", "relayed 2.0.0", "4.5.0 HOST", GREETING, PIPELINING, ENVELOPE + "354 x\r\n",
                        "250 taken\r\n250 taken\r\n"),
                of("LF as line end, which is tolerated", "relayed 2.0.0", NONE, "220 mx\n", "250-mx\n250 PIPELINING\n",
                        "250 ok\n250 ok\n250 ok\n354\n", "250\n"),
                of("announcements of nonsense, which are ignored", "relayed 2.0.0", NONE, GREETING,
                        "250-mx\r\n250-SIZE -1\r\n250-SIZE 99999999999999999999999\r\n250-\r\n250- \r\n250-AUTH\r\n"
                                + "250-\u001b[2J\r\n250 PIPELINING\r\n",
                        ENVELOPE + "354 x\r\n", "250 taken\r\n"));
    }

    private static Behaviour early(String name, String greeting) {
        return of(name, NOTHING_SENT, "4.5.0 HOST", greeting);
    }

    private static Behaviour of(String name, String outcome, String failure, String... says) {
        return new Behaviour(name, List.of(says), outcome, failure);
    }

    @ParameterizedTest
    @MethodSource("behaviours")
    void endsInADefinedState(Behaviour behaviour) {
        ClientHost host = host(TlsWish.NEVER);
        behaviour.says().forEach(host::receive);
        host.lose();
        assertTrue(host.closed);
        assertEquals(behaviour.failure(), host.failure.map(why -> why.status() + " " + why.scope()).orElse(NONE));
        String told = String.join("", host.outcomes.stream().map(ClientHost::told).toList());
        String both = "a@remote.test " + behaviour.outcome() + ", b@remote.test " + behaviour.outcome();
        assertEquals(behaviour.outcome().isEmpty() ? "" : both, told);
    }

    /** S5: whatever stands behind the reply to STARTTLS never counts as said under TLS. */
    @Test
    void clearTextBehindStartTlsEndsTheConnection() {
        ClientHost host = host(TlsWish.IF_OFFERED);
        host.receive(GREETING);
        host.receive("250-mx\r\n250 STARTTLS\r\n");
        host.receive("220 go on\r\n250-mx\r\n250 AUTH PLAIN\r\n");
        assertFalse(host.handshaking);
        assertEquals("4.7.0", host.failure.orElseThrow().status());
    }

    @Test
    void clearTextWhereTheHandshakeShouldBeEndsTheConnection() {
        ClientHost host = host(TlsWish.REQUIRED);
        host.receive(GREETING);
        host.receive("250-mx\r\n250 STARTTLS\r\n");
        host.receive("220 go on\r\n");
        assertTrue(host.handshaking);
        host.receive("2");
        assertEquals("4.7.0", host.failure.orElseThrow().status());
    }

    @Test
    void challengesWithoutEndAreNotAnswered() {
        ClientHost host = new ClientHost(new ClientSettings("mx.example.org", true, TlsWish.NEVER,
                Optional.of(new Credentials("jones", "secret"))), List.of(), 1);
        host.receive(GREETING);
        host.receive("250-mx\r\n250 AUTH LOGIN\r\n");
        host.receive("334 \r\n334 \r\n334 \r\n");
        assertEquals("4.5.0", host.failure.orElseThrow().status());
    }

    @Test
    void textIsCleanedAndCapped() {
        ClientHost host = host(TlsWish.NEVER);
        host.receive("554-\u001b[31mno\0\t\rx\r\n554 \u00e4 " + "y".repeat(1000) + "\r\n");
        RemoteReply reply = host.failure.orElseThrow().reply().orElseThrow();
        assertTrue(reply.text().startsWith("?[31mno? ?x ? yyy"), reply.text());
        assertEquals(RemoteReply.MAX_TEXT, reply.text().length());
    }

    /** A remote that says more than anybody asks for while mail data are written. */
    @Test
    void whatNobodyReadsIsNotKept() {
        ClientHost host = host(TlsWish.NEVER);
        byte[] piece = new byte[16 * 1024];
        for (int i = 0; i < 100; i++) {
            host.engine.receive(piece, 0, piece.length);
        }
        host.pump();
        assertEquals("4.5.0", host.failure.orElseThrow().status());
    }

    /** At every octet: each recipient has one outcome, and is relayed only where the whole last reply came. */
    @ParameterizedTest
    @MethodSource("sessions")
    void hangsUpAnywhere(List<String> says) {
        String all = String.join("", says);
        for (int point = 0; point < all.length(); point++) {
            ClientHost host = host(TlsWish.NEVER);
            int left = point;
            for (String part : says) {
                host.receive(part.substring(0, Math.min(left, part.length())));
                left -= Math.min(left, part.length());
            }
            String written = host.written();
            host.lose();
            boolean sent = written.contains("\r\nhi\r\n");
            boolean relayed = point >= all.length() - says.getLast().length();
            String expected = relayed ? "relayed 2.0.0" : sent ? LOST + " uncertain" : LOST;
            boolean begun = written.contains("MAIL");
            assertEquals(begun ? "a@remote.test " + expected + ", b@remote.test " + expected : "",
                    String.join("", host.outcomes.stream().map(ClientHost::told).toList()), "hung up at " + point);
            assertTrue(host.closed);
        }
    }

    static Stream<List<String>> sessions() {
        String bye = "221 bye\r\n";
        return Stream.of(
                List.of(GREETING, PLAIN_EHLO, "250 ok\r\n", "250 ok\r\n", "250 ok\r\n", "354 x\r\n", "250 taken\r\n", bye),
                List.of(GREETING, PIPELINING, ENVELOPE + "354 x\r\n", "250 taken\r\n", bye),
                List.of(GREETING, CHUNKING, ENVELOPE + "250 taken\r\n", bye));
    }

    private static ClientHost host(TlsWish wish) {
        byte[] data = "Subject: x\r\n\r\nhi\r\n".getBytes(StandardCharsets.US_ASCII);
        OutboundMail mail = ClientByHand.mail(data.length, "a@remote.test", "b@remote.test");
        return new ClientHost(new ClientSettings("mx.example.org", false, wish, Optional.empty()),
                List.of(new ClientHost.Mail(mail, data)), data.length);
    }
}
