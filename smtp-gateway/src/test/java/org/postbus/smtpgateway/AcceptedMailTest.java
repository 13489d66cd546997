package org.postbus.smtpgateway;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
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
import org.postbus.events.Topics;
import org.postbus.events.TrailEvent;
import org.postbus.events.TrailStep;

/** What lies on the event log once the client has its 250, and what does not without. */
class AcceptedMailTest {

    @TempDir
    private static Path folder;
    private static TestKafka kafka;
    private static TestGateway gateway;

    @BeforeAll
    static void start() {
        kafka = TestKafka.withJones(folder);
        kafka.account("brown@example.org", true);
        kafka.account("gone@example.org", false);
        gateway = new TestGateway(kafka, "smtp.max-message-size=8M", "smtp.refusals-per-source=3");
    }

    @AfterAll
    static void stop() {
        gateway.close();
        kafka.close();
    }

    @Test
    void aSmallMailIsOneRecordWithItsEnvelope() throws Exception {
        UUID id;
        try (Client client = gateway.connect()) {
            client.startMail("smith@client.test", "Jones@Example.org");
            id = client.send("Subject: x\r\n\r\n..dot\0\u00ff\r\n").endMail();
        }
        List<MailRecord<Envelope>> records = kafka.mail(id);
        assertEquals(1, records.size());
        var mail = assertInstanceOf(MailRecord.Whole.class, records.getFirst());
        assertArrayEquals(octets("Subject: x\r\n\r\n.dot\0\u00ff\r\n"), mail.data());
        Envelope envelope = (Envelope) mail.envelope();
        assertEquals("smith@client.test", envelope.reversePath());
        assertEquals(List.of("Jones@Example.org"), envelope.forwardPaths());
        assertEquals(new Envelope.Client("127.0.0.1", "client.test"), envelope.client());
        assertTrue(envelope.directoryOffset() > 0);
        assertTrue(envelope.traceFields().startsWith("Received: from client.test ([127.0.0.1])\r\n\tby mx.example.org "
                + "with ESMTP id " + id + "\r\n\tfor <Jones@Example.org>;\r\n\t"), envelope.traceFields());
    }

    @Test
    void anEmptyMailIsARecordToo() throws Exception {
        UUID id;
        try (Client client = gateway.connect()) {
            id = client.startMail("", "jones@example.org", "brown@example.org").endMail();
        }
        var mail = assertInstanceOf(MailRecord.Whole.class, kafka.mail(id).getFirst());
        assertEquals(0, mail.data().length);
        assertTrue(!((Envelope) mail.envelope()).traceFields().contains("for <"), "several recipients stay hidden");
    }

    @ParameterizedTest
    @ValueSource(ints = {Topics.CHUNK_OCTETS, Topics.CHUNK_OCTETS + 1, 2 * Topics.CHUNK_OCTETS, 7_654_321})
    void largeMailTravelsInChunks(int size) throws Exception {
        byte[] mail = mailOf(size);
        UUID id;
        try (Client client = gateway.connect()) {
            client.startMail("smith@client.test", "jones@example.org");
            id = client.send(mail).endMail();
        }
        List<MailRecord<Envelope>> records = kafka.mail(id);
        if (size <= Topics.CHUNK_OCTETS) {
            assertArrayEquals(mail, assertInstanceOf(MailRecord.Whole.class, records.getFirst()).data());
            return;
        }
        var closing = assertInstanceOf(MailRecord.Closing.class, records.getLast());
        assertEquals((size + Topics.CHUNK_OCTETS - 1) / Topics.CHUNK_OCTETS, closing.chunks());
        assertEquals(closing.chunks() + 1, records.size());
        assertEquals(size, closing.octets());
        assertEquals(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(mail)), closing.sha256());
        assertArrayEquals(mail, joined(records));
    }

    @Test
    void noMoreThanAFewChunksOfALargeMailAreHeld() throws Exception {
        try (TestGateway large = new TestGateway(kafka); Client client = large.connect()) {
            client.startMail("smith@client.test", "jones@example.org");
            byte[] line = octets("x".repeat(1022) + "\r\n");
            double most = 0;
            for (int kib = 0; kib < 50 * 1024; kib++) {
                client.send(line);
                most = Math.max(most, large.registry.get("postbus.smtp.data.in.flight").gauge().value());
            }
            var closing = assertInstanceOf(MailRecord.Closing.class, kafka.mail(client.endMail()).getLast());
            assertEquals(50L * 1024 * 1024, closing.octets());
            assertEquals(200, closing.chunks());
            assertTrue(most <= IncomingMail.CHUNKS_UNDER_WAY * (double) Topics.CHUNK_OCTETS, "held " + most);
        }
    }

    @Test
    void anOctetIsCopiedTwiceAtMostBetweenSocketAndRecord() throws Exception {
        for (int warmUp = 0; warmUp < 2; warmUp++) {
            allocatedForEachOctet();
        }
        double copies = allocatedForEachOctet();
        // Two copies, and half an octet for the objects that say where they lie; a third copy would be 3.5.
        assertTrue(copies < 3, "event loops allocated " + copies + " octets for each octet of mail data");
    }

    private static double allocatedForEachOctet() throws Exception {
        byte[] mail = mailOf(7_000_000);
        long before = allocatedByEventLoops();
        try (Client client = gateway.connect()) {
            client.startMail("smith@client.test", "jones@example.org").send(mail).endMail();
        }
        return (double) (allocatedByEventLoops() - before) / mail.length;
    }

    /** What a copy allocates on the heap; the socket's own buffers and Kafka's are not there. */
    private static long allocatedByEventLoops() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        return Thread.getAllStackTraces().keySet().stream().filter(thread -> thread.getName().startsWith("vert.x-eventloop"))
                .mapToLong(thread -> threads.getThreadAllocatedBytes(thread.threadId())).sum();
    }

    @Test
    void clientsComeByIpv4AndByIpv6() throws Exception {
        try (TestGateway everywhere = new TestGateway(kafka, "smtp.host=0.0.0.0")) {
            for (String address : List.of("127.0.0.1", "::1")) {
                UUID id;
                try (Client client = new Client(new InetSocketAddress(address, everywhere.address().getPort()))) {
                    id = client.startMail("smith@client.test", "jones@example.org").endMail();
                }
                var mail = assertInstanceOf(MailRecord.Whole.class, kafka.mail(id).getFirst());
                String literal = address.equals("::1") ? "[IPv6:0:0:0:0:0:0:0:1]" : "[127.0.0.1]";
                String trace = ((Envelope) mail.envelope()).traceFields();
                assertTrue(trace.startsWith("Received: from client.test (" + literal + ")\r\n"), trace);
            }
        }
    }

    @Test
    void whereMemoryIsScarceALargeMailPassesWithOneChunk() throws Exception {
        Map<String, String> scarce = Map.of("smtp.data-budget", String.valueOf(Topics.CHUNK_OCTETS));
        try (TestGateway small = new TestGateway(kafka.properties(), scarce); Client client = small.connect()) {
            byte[] mail = mailOf(3_000_000);
            client.startMail("smith@client.test", "jones@example.org");
            assertArrayEquals(mail, joined(kafka.mail(client.send(mail).endMail())));
            Await.until("its memory is free",
                    () -> small.registry.get("postbus.smtp.data.in.flight").gauge().value() == 0);
        }
    }

    @Test
    void aLargeMailThatIsRefusedHasNoClosingRecord() throws Exception {
        byte[] tooLarge = mailOf(8 * 1024 * 1024 + 100);
        int before = kafka.acceptedRecords();
        try (Client client = gateway.connect()) {
            client.startMail("smith@client.test", "jones@example.org").send(tooLarge);
            Client.expect("552 5.3.4", client.ask("."));
            Client.expect("250", client.ask("NOOP"));
            UUID next = client.nextMail("smith@client.test", "jones@example.org").send("next\r\n").endMail();
            assertInstanceOf(MailRecord.Whole.class, kafka.mail(next).getFirst());
        }
        // 8 MiB in chunks and the small mail; the record that would make the large one a mail is not there.
        assertEquals(before + 31 + 1, kafka.acceptedRecords(), 1);
    }

    @Test
    void aClientThatDisappearsInItsDataLeavesNoMail() throws Exception {
        int before = kafka.acceptedRecords();
        try (Client client = gateway.connect()) {
            client.startMail("smith@client.test", "jones@example.org").send("half a mail\r\n");
        }
        Await.until("its memory is free", () -> gauge("postbus.smtp.data.in.flight") == 0);
        assertEquals(before, kafka.acceptedRecords());
    }

    @Test
    void theTrailTellsOfAcceptedAndRefused() throws Exception {
        UUID id;
        try (Client client = gateway.connect()) {
            client.reply();
            client.ask("EHLO client.test");
            client.ask("MAIL FROM:<trail@client.test>");
            Client.expect("550 5.2.1", client.ask("RCPT TO:<gone@example.org>"));
            Client.expect("250", client.ask("RCPT TO:<jones@example.org>"));
            client.ask("DATA");
            id = client.send("hi\r\n").endMail();
        }
        Await.until("both are told", () -> steps(id).equals(List.of(TrailStep.REFUSED, TrailStep.ACCEPTED)));
        TrailEvent refused = told(id).getFirst();
        assertEquals("gone@example.org", refused.recipients().getFirst().originalRecipient());
        assertEquals("5.2.1", refused.recipients().getFirst().status());
        assertEquals(Optional.of("trail@client.test"), refused.reversePath());
    }

    @Test
    void anAddressMadeAMomentAgoIsKnown() throws Exception {
        try (Client client = gateway.connect()) {
            client.reply();
            client.ask("HELO client.test");
            client.ask("MAIL FROM:<smith@client.test>");
            for (int i = 0; i < 20; i++) {
                String address = "new" + i + "@example.org";
                Client.expect("550 5.1.1", client.ask("RCPT TO:<" + address + ">"));
                kafka.account(address, true);
                Client.expect("250", client.ask("RCPT TO:<" + address + ">"));
            }
        }
    }

    private static double gauge(String name) {
        return gateway.registry.get(name).gauge().value();
    }

    private static List<TrailEvent> told(UUID mail) {
        try {
            return kafka.trail().stream().filter(event -> event.mailId().equals(Optional.of(mail))).toList();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static List<TrailStep> steps(UUID mail) {
        return told(mail).stream().map(TrailEvent::step).toList();
    }

    /** Mail data of an exact size, its CRLF at the end included; no line begins with a dot. */
    private static byte[] mailOf(int size) {
        byte[] mail = new byte[size];
        for (int i = 0; i < size; i++) {
            mail[i] = (byte) ('a' + i % 23);
        }
        byte[] head = octets("Subject: large\r\n\r\n");
        System.arraycopy(head, 0, mail, 0, head.length);
        for (int end = 500; end < size - 2; end += 500) {
            mail[end] = '\r';
            mail[end + 1] = '\n';
        }
        mail[size - 3] = 'x';
        mail[size - 2] = '\r';
        mail[size - 1] = '\n';
        return mail;
    }

    private static byte[] joined(List<MailRecord<Envelope>> records) throws IOException {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        for (MailRecord<Envelope> record : records) {
            switch (record) {
                case MailRecord.FirstChunk<Envelope> first -> joined.write(first.data());
                case MailRecord.Chunk<Envelope> chunk -> joined.write(chunk.data());
                case MailRecord.Whole<Envelope> _, MailRecord.Closing<Envelope> _ -> { }
            }
        }
        return joined.toByteArray();
    }

    private static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
