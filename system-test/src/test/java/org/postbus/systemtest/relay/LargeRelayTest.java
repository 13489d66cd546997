package org.postbus.systemtest.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.postbus.protocol.remote.ReceivedMail;
import org.postbus.systemtest.SmtpClient;

/** Mail that is large, or for many: it leaves octet for octet as it came, below our trace fields. */
@ExtendWith(Relaying.Shared.class)
class LargeRelayTest {

    private static final int LARGE = 20 * 1024 * 1024;
    private static final int SMALL = 20_000;
    private static final int RECIPIENTS = 1000;

    private final Relaying relaying;
    private final Account alice;
    private final String subject = UUID.randomUUID().toString();

    LargeRelayTest(Relaying relaying) {
        this.relaying = relaying;
        this.alice = relaying.account("alice@large-relay.test");
    }

    @Test
    void twentyMegabytes() throws Exception {
        byte[] sent = send(LARGE, List.of("bob@remote.test"));
        assertSame(sent, Arrived.await(relaying.remote(), subject, 1).getFirst());
    }

    @Test
    void aThousandRecipientsInTenDomains() throws Exception {
        List<String> recipients = IntStream.range(0, RECIPIENTS)
                .mapToObj(n -> "r" + n + "@" + Relaying.BULK.get(n % Relaying.BULK.size())).toList();
        byte[] sent = send(SMALL, recipients);
        List<ReceivedMail> mails = Arrived.await(relaying.remote(), subject, Relaying.BULK.size());
        List<String> commands = new ArrayList<>(mails.stream().flatMap(mail -> mail.recipients().stream()).toList());
        assertEquals(recipients.stream().map(one -> "RCPT TO:<" + one + ">").sorted().toList(), commands.stream().sorted().toList());
        for (ReceivedMail mail : mails) {
            assertSame(sent, mail);
        }
    }

    private byte[] send(int octets, List<String> recipients) throws Exception {
        String text = Account.header(alice.address(), subject) + lines(octets);
        try (SmtpClient smtp = alice.session()) {
            smtp.mail(alice.address(), recipients, text);
        }
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Lines of 72 characters. */
    private static String lines(int octets) {
        Random random = new Random(octets);
        StringBuilder lines = new StringBuilder(octets + 2);
        while (lines.length() < octets) {
            lines.append((char) ('a' + random.nextInt(26)));
            if (lines.length() % 74 == 72) {
                lines.append("\r\n");
            }
        }
        return lines.append("\r\n").toString();
    }

    private static void assertSame(byte[] sent, ReceivedMail mail) throws Exception {
        int above = mail.octets().length - sent.length;
        assertTrue(above > 0 && mail.text().startsWith("Received: "), "octets above what was sent: " + above);
        assertEquals(hash(sent), hash(Arrays.copyOfRange(mail.octets(), above, mail.octets().length)));
    }

    private static String hash(byte[] octets) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(octets));
    }
}
