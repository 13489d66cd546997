package org.postbus.protocol.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.postbus.protocol.sasl.Credentials;
import org.postbus.protocol.smtp.client.ClientHost;
import org.postbus.protocol.smtp.client.ClientSettings;
import org.postbus.protocol.smtp.client.Failure;
import org.postbus.protocol.smtp.client.Outcome;
import org.postbus.protocol.smtp.client.OutboundMail;
import org.postbus.protocol.smtp.client.OutboundRecipient;
import org.postbus.protocol.smtp.client.TlsWish;
import org.postbus.protocol.transcript.Chunking;

/** A remote that says any octets, then hangs up: no exception, one outcome for each recipient, and the same however lines are cut. */
class SmtpClientFuzzTest {

    private static final String PASSWORD = "secret-canary";
    private static final String IN_BASE64 = "c2VjcmV0LWNhbmFyeQ";
    private static final Pattern POSITIVE = Pattern.compile("(^|\n)2[0-9]{2}");
    private static final Pattern STATUS = Pattern.compile("[45]\\.[0-9]{1,3}\\.[0-9]{1,3}");

    private static final String[] GREETINGS = {
        "220 mx\r\n250-mx\r\n250-AUTH PLAIN\r\n250 PIPELINING\r\n",
        "220 mx\r\n250-mx\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 CHUNKING\r\n",
        "220 mx\r\n250-mx\r\n250-AUTH LOGIN\r\n250 STARTTLS\r\n", "220 mx\r\n250-DSN\r\n250 SIZE 20\r\n",
        "220 mx\r\n502 no\r\n250 mx\r\n",
    };
    private static final String[] REPLIES = {
        "250 ok\r\n", "250 ok\r\n", "250 ok\r\n", "250 ok\r\n", "250 ok\r\n", "250 2.1.5 ok\r\n", "354 go on\r\n",
        "354 go on\r\n", "354\r\n",
        "550 no\r\n", "451 4.3.0 no\r\n", "552 full\r\n", "503 no\r\n", "220 go\r\n", "334 \r\n", "235 ok\r\n", "250-x\r\n", "250\n",
        "421 bye\r\n", "221 bye\r\n", "150 x\r\n", "\r\n", "25", "\0\r\n", "250-mx\r\n250 PIPELINING\r\n", "x", "\r",
    };

    @FuzzTest(maxDuration = "2m")
    void session(byte[] input) {
        FuzzCase fuzzed = FuzzCase.of(input);
        String whole = run(fuzzed, lines(fuzzed.octets()));
        assertEquals(whole, run(fuzzed, cut(fuzzed, Chunking.OCTETS)));
        assertEquals(whole, run(fuzzed, cut(fuzzed, fuzzed.chunking())));
        // Lines that come before they are asked for may lead elsewhere, and must break nothing.
        run(fuzzed, List.of(fuzzed.octets()));
    }

    /** Any order of what remotes say, the likely more often than the unlikely: deeper than octets by chance would lead. */
    @Test
    void anyOrderOfReplies() {
        Random random = new Random(30);
        for (int i = 0; i < 8_000; i++) {
            StringBuilder input = new StringBuilder().append((char) random.nextInt(64)).append('0').append((char) random.nextInt(256));
            input.append(random.nextInt(4) == 0 ? "" : GREETINGS[random.nextInt(GREETINGS.length)]);
            for (int n = random.nextInt(24); n > 0; n--) {
                input.append(REPLIES[random.nextInt(REPLIES.length)]);
            }
            session(input.toString().getBytes(StandardCharsets.ISO_8859_1));
        }
    }

    private static List<byte[]> cut(FuzzCase fuzzed, Chunking chunking) {
        return lines(fuzzed.octets()).stream().flatMap(line -> chunking.cut(line).stream()).toList();
    }

    private static List<byte[]> lines(byte[] octets) {
        List<byte[]> lines = new ArrayList<>();
        for (String line : new String(octets, StandardCharsets.ISO_8859_1).split("(?<=\n)")) {
            lines.add(line.getBytes(StandardCharsets.ISO_8859_1));
        }
        return lines;
    }

    private static String run(FuzzCase fuzzed, List<byte[]> pieces) {
        List<ClientHost.Mail> mails = mails();
        ClientHost host = new ClientHost(settings(fuzzed), mails, 7);
        StringBuilder written = new StringBuilder();
        boolean tls = fuzzed.setting(0);
        for (byte[] piece : pieces) {
            host.receive(piece);
            if (host.handshaking && fuzzed.setting(4)) {
                assertFalse(tls, "TLS in TLS");
                tls = true;
                host.tlsStarted();
            }
            written.append(host.written());
            assertTrue(Retained.unread(host.engine) <= 4 * 64 * 1024, () -> "kept " + Retained.unread(host.engine));
            assertTrue(tls || written.indexOf(IN_BASE64) < 0, "the password in clear text");
        }
        host.lose();
        assertTrue(host.closed);
        assertWhole(written.toString());
        assertTold(host, mails, fuzzed);
        return written + "\n" + host.outcomes + host.failure + host.tlsRefused;
    }

    /** Only CRLF ends a line, and nothing but ASCII is in a command: data have one mail that is not ASCII. */
    private static void assertWhole(String written) {
        String rest = written.replace("\r\n", "").replace("\u00e4", "");
        assertTrue(rest.chars().allMatch(c -> c >= ' ' && c <= '~'), written);
    }

    private static void assertTold(ClientHost host, List<ClientHost.Mail> mails, FuzzCase fuzzed) {
        long relayed = 0;
        for (int i = 0; i < host.outcomes.size(); i++) {
            List<Outcome> outcomes = host.outcomes.get(i).outcomes();
            assertEquals(mails.get(i).envelope().recipients(), outcomes.stream().map(Outcome::recipient).toList());
            outcomes.forEach(SmtpClientFuzzTest::assertTold);
            relayed += outcomes.stream().anyMatch(Outcome.Relayed.class::isInstance) ? 1 : 0;
        }
        long positive = POSITIVE.matcher(new String(fuzzed.octets(), StandardCharsets.ISO_8859_1)).results().count();
        long mostly = relayed;
        // Greeting, EHLO, and MAIL, RCPT and mail data of each mail.
        assertTrue(relayed == 0 || positive >= 2 + 3 * relayed, () -> mostly + " relayed by " + positive + " replies");
        host.failure.ifPresent(SmtpClientFuzzTest::assertTold);
    }

    private static void assertTold(Outcome outcome) {
        switch (outcome) {
            case Outcome.Relayed(var _, var reply) -> assertTrue(reply.code() / 100 == 2 && reply.status().startsWith("2."));
            case Outcome.TemporaryFailure(var _, var why) -> {
                assertFalse(why.isPermanent());
                assertTold(why);
            }
            case Outcome.PermanentFailure(var _, var why) -> {
                assertTrue(why.isPermanent() && !why.uncertain() && why.scope() != Failure.Scope.HOST);
                assertTold(why);
            }
        }
    }

    private static void assertTold(Failure why) {
        assertTrue(STATUS.matcher(why.status()).matches(), why::status);
        assertTrue(why.text().length() < 700 && why.text().chars().allMatch(c -> c >= ' ' && c <= '~'), why::text);
    }

    private static ClientSettings settings(FuzzCase fuzzed) {
        TlsWish wish = fuzzed.setting(1) ? TlsWish.REQUIRED : fuzzed.setting(2) ? TlsWish.IF_OFFERED : TlsWish.NEVER;
        return new ClientSettings("mx.example.org", fuzzed.setting(0), wish,
                fuzzed.setting(3) ? Optional.of(new Credentials("jo", PASSWORD)) : Optional.empty());
    }

    private static List<ClientHost.Mail> mails() {
        return List.of(mail("Subject: x\r\n\r\n.\r\n", "a@remote.test", "b@remote.test"),
                mail("\u00e4\r\n", "a@remote.test"), mail("", "a@remote.test", "not a path", "b@remote.test"),
                mail("x".repeat(70) + "\r\n..", "c@remote.test"));
    }

    private static ClientHost.Mail mail(String data, String... recipients) {
        byte[] octets = data.getBytes(StandardCharsets.ISO_8859_1);
        return new ClientHost.Mail(new OutboundMail("jones@example.org", List.of(recipients).stream().map(OutboundRecipient::new).toList(),
                octets.length, !data.chars().allMatch(c -> c < 0x80), false, Optional.empty(), Optional.of("7")), octets);
    }
}
