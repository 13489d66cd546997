package org.postbus.protocol.smtp.client;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.postbus.protocol.smtp.Notify;
import org.postbus.protocol.smtp.Recipient;
import org.postbus.protocol.smtp.Return;

/** The client half against the server half: what one writes the other reads, octet for octet. */
class ClientMeetsServerTest {

    private static final String[] LINES = {"", ".", "..", ".x", "x", "\0", "\u00ff.", "QUIT", "MAIL FROM:<a@b>", "BDAT 3 LAST", " y"};

    /** What a remote leaves out of its announcements. */
    static Stream<UnaryOperator<String>> remotes() {
        return Stream.of(text -> text, without("CHUNKING"), without("PIPELINING"), without("CHUNKING|PIPELINING"));
    }

    private static UnaryOperator<String> without(String keywords) {
        return text -> text.replaceAll("250-(" + keywords + ")\r\n", "");
    }

    @ParameterizedTest
    @MethodSource("remotes")
    void mailDataArriveAsTheyWere(UnaryOperator<String> remote) {
        Random random = new Random(5321);
        for (int i = 0; i < 700; i++) {
            List<ClientHost.Mail> mails = IntStream.rangeClosed(0, random.nextInt(3)).mapToObj(_ -> mail(random)).toList();
            ServerHost server = new ServerHost(remote);
            ClientHost client = run(mails, 1 + random.nextInt(40), server);
            assertEquals(mails.size(), client.outcomes.size());
            int n = 0;
            for (int m = 0; m < mails.size(); m++) {
                List<String> wanted = mails.get(m).envelope().recipients().stream().map(OutboundRecipient::forwardPath).toList();
                List<String> taken = wanted.stream().filter(path -> !path.startsWith("x")).toList();
                List<Outcome> outcomes = client.outcomes.get(m).outcomes();
                assertEquals(wanted, outcomes.stream().map(outcome -> outcome.recipient().forwardPath()).toList());
                assertEquals(taken, outcomes.stream().filter(Outcome.Relayed.class::isInstance)
                        .map(outcome -> outcome.recipient().forwardPath()).toList());
                if (!taken.isEmpty()) {
                    ServerHost.Accepted accepted = server.accepted.get(n++);
                    assertArrayEquals(mails.get(m).data(), accepted.data());
                    assertEquals(taken, accepted.transaction().recipients().stream().map(to -> to.forwardPath().text()).toList());
                }
            }
            assertEquals(n, server.accepted.size());
            assertTrue(client.failure.isEmpty());
        }
    }

    private static ClientHost.Mail mail(Random random) {
        StringBuilder data = new StringBuilder();
        for (int n = random.nextInt(8); n > 0; n--) {
            data.append(LINES[random.nextInt(LINES.length)]).append("\r\n");
        }
        List<OutboundRecipient> recipients = new ArrayList<>();
        for (int n = random.nextInt(4); n >= 0; n--) {
            recipients.add(new OutboundRecipient((random.nextBoolean() ? "x" : "a") + n + "@remote.test"));
        }
        return mail(recipients, data.toString().getBytes(StandardCharsets.ISO_8859_1));
    }

    private static ClientHost.Mail mail(List<OutboundRecipient> recipients, byte[] data) {
        return new ClientHost.Mail(
                new OutboundMail("jones@example.org", recipients, data.length, true, false, Optional.empty(), Optional.empty()), data);
    }

    @ParameterizedTest
    @MethodSource("remotes")
    void aLargeMailForMoreRecipientsThanAGroupHas(UnaryOperator<String> remote) {
        byte[] data = ".a line of text that is neither long nor short\r\n".repeat(15_000).getBytes(StandardCharsets.US_ASCII);
        List<OutboundRecipient> recipients =
                IntStream.range(0, 450).mapToObj(n -> new OutboundRecipient("a" + n + "@remote.test")).toList();
        ServerHost server = new ServerHost(remote);
        ClientHost client = run(List.of(mail(recipients, data), mail(recipients, data)), 10_000, server);
        assertEquals(2, server.accepted.size());
        assertArrayEquals(data, server.accepted.getLast().data());
        assertEquals(450, server.accepted.getLast().transaction().recipients().size());
        assertTrue(client.outcomes.getLast().outcomes().stream().allMatch(Outcome.Relayed.class::isInstance));
    }

    @Test
    void anEnvelopeArrivesAsItWas() {
        OutboundRecipient first = new OutboundRecipient("\"a b\\\"c\"@remote.test", Optional.of(Set.of(Notify.DELAY, Notify.SUCCESS)),
                Optional.of("rfc822;a+b=c d@example.org"));
        OutboundRecipient second = new OutboundRecipient("j\u00f6rg@remote.test", Optional.of(Set.of()),
                Optional.of("utf-8;j\u00f6rg+\\x@example.org"));
        OutboundMail mail = new OutboundMail("\u00e4@example.org", List.of(first, second, new OutboundRecipient("postmaster")), 2,
                false, false, Optional.of(Return.FULL), Optional.of("QQ+3=14 x"));
        ServerHost server = new ServerHost(UnaryOperator.identity());
        run(List.of(new ClientHost.Mail(mail, "\r\n".getBytes(StandardCharsets.US_ASCII))), 9, server);
        var transaction = server.accepted.getFirst().transaction();
        assertEquals(mail.reversePath(), transaction.reversePath().text());
        assertEquals(mail.returned(), transaction.parameters().returned());
        assertEquals(mail.envelopeId(), transaction.parameters().envelopeId());
        assertTrue(transaction.parameters().smtpUtf8());
        assertEquals(mail.recipients(), transaction.recipients().stream().map(ClientMeetsServerTest::asSent).toList());
    }

    private static OutboundRecipient asSent(Recipient recipient) {
        return new OutboundRecipient(recipient.forwardPath().text(), recipient.notifyOn(), recipient.originalRecipient());
    }

    /** Under TLS, since the server offers STARTTLS. */
    private static ClientHost run(List<ClientHost.Mail> mails, int piece, ServerHost server) {
        ClientSettings settings = new ClientSettings("mx.example.org", false, TlsWish.IF_OFFERED, Optional.empty());
        ClientHost client = new ClientHost(settings, mails, piece);
        while (!client.closed) {
            String said = server.says();
            client.receive(said);
            String written = client.written();
            assertTrue(client.closed || !said.isEmpty() || !written.isEmpty(), "both wait");
            if (!written.isEmpty()) {
                server.receive(written);
            }
            if (client.handshaking) {
                assertTrue(server.handshaking);
                server.secured();
                client.tlsStarted();
                server.receive(client.written());
            }
        }
        return client;
    }
}
