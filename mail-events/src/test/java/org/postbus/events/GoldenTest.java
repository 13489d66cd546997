package org.postbus.events;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;
import org.postbus.events.directory.DirectoryChange;
import org.postbus.events.directory.DirectoryEntry;

/**
 * What stands in the log must be readable for ever: each golden file is a record as version 1 wrote it (headers, an
 * empty line, the value), and every later version must decode it to the same event.
 */
class GoldenTest {

    /** Differ from one writing to the next. */
    private static final Set<String> VOLATILE = Set.of("ce_time", "traceparent");

    /** How a golden file shows the line ends of mail data. */
    private static final String CRLF = "\\r\\n";

    @Test
    void a_whole_accepted_mail() throws Exception {
        var mail = new MailRecord.Whole<>(Samples.MAIL, Samples.ENVELOPE, Samples.DATA);
        var decoded = assertInstanceOf(MailRecord.Whole.class,
                MailCodec.ACCEPTED.decode(golden("mail.accepted", MailCodec.ACCEPTED.encode(mail, "smtp-gateway", 1))));
        assertEquals(Samples.ENVELOPE, decoded.envelope());
        assertArrayEquals(Samples.DATA, decoded.data());
    }

    @Test
    void the_chunks_of_a_large_mail() throws Exception {
        var first = new MailRecord.FirstChunk<>(Samples.MAIL, Samples.ENVELOPE, Samples.DATA);
        var decodedFirst = assertInstanceOf(MailRecord.FirstChunk.class,
                MailCodec.ACCEPTED.decode(golden("mail.accepted.chunk-0", MailCodec.ACCEPTED.encode(first, "smtp-gateway", 1))));
        assertEquals(Samples.ENVELOPE, decodedFirst.envelope());

        var chunk = new MailRecord.Chunk<Envelope>(Samples.MAIL, 7, Samples.DATA);
        var decoded = assertInstanceOf(MailRecord.Chunk.class,
                MailCodec.ACCEPTED.decode(golden("mail.accepted.chunk-7", MailCodec.ACCEPTED.encode(chunk, "smtp-gateway", 1))));
        assertEquals(7, decoded.n());

        var closing = new MailRecord.Closing<Envelope>(Samples.MAIL, 8, 2_000_000, "ab".repeat(32));
        assertEquals(closing,
                MailCodec.ACCEPTED.decode(golden("mail.accepted.closing", MailCodec.ACCEPTED.encode(closing, "smtp-gateway", 1))));
    }

    @Test
    void a_routed_mail() throws Exception {
        var mail = new MailRecord.Whole<>(Samples.MAIL, Samples.ROUTED, Samples.DATA);
        var decoded = assertInstanceOf(MailRecord.Whole.class,
                MailCodec.ROUTED.decode(golden("mail.routed", MailCodec.ROUTED.encode(mail, "delivery-service", 1))));
        assertEquals(Samples.ROUTED, decoded.envelope());
    }

    @Test
    void a_failed_mail() throws Exception {
        var decoded = FactCodec.MAIL_FAILED.decode(
                golden("mail.failed", FactCodec.MAIL_FAILED.encode(Samples.FAILED, "mailbox-service", 2)));
        assertEquals(Samples.FAILED.failures(), decoded.failures());
        assertArrayEquals(Samples.FAILED.headerSection(), decoded.headerSection());
    }

    @Test
    void a_mail_about_which_something_is_asked() throws Exception {
        var mail = new MailRecord.Whole<>(Samples.MAIL, Samples.ASKED, Samples.DATA);
        var decoded = assertInstanceOf(MailRecord.Whole.class,
                MailCodec.ACCEPTED.decode(golden("mail.accepted.asked", MailCodec.ACCEPTED.encode(mail, "smtp-gateway", 1))));
        assertEquals(Samples.ASKED, decoded.envelope());
    }

    @Test
    void a_mail_of_a_client_that_may_have_it_relayed() throws Exception {
        var mail = new MailRecord.Whole<>(Samples.MAIL, Samples.RELAYING, Samples.DATA);
        var decoded = assertInstanceOf(MailRecord.Whole.class,
                MailCodec.ACCEPTED.decode(golden("mail.accepted.relaying", MailCodec.ACCEPTED.encode(mail, "smtp-gateway", 1))));
        assertEquals(Samples.RELAYING, decoded.envelope());
        assertTrue(Samples.RELAYING.with(new HeaderEdits("X: y\r\n", List.of())).relaying());
        assertFalse(Samples.ENVELOPE.relaying());
    }

    @Test
    void a_large_mail_that_a_filter_wants_changed() throws Exception {
        var closing = new MailRecord.Closing<Envelope>(Samples.MAIL, 8, 2_000_000, "ab".repeat(32),
                new HeaderEdits("X-Spam: Yes\r\n", List.of("X-Spam")));
        assertEquals(closing, MailCodec.ACCEPTED.decode(
                golden("mail.accepted.closing-edited", MailCodec.ACCEPTED.encode(closing, "smtp-gateway", 1))));
    }

    @Test
    void a_mail_whose_delivery_was_awaited() throws Exception {
        var delivered = List.of(new DeliveredRecipient("\"a b\"@demo.test", "ab@demo.test"));
        var event = new MailFailed(Samples.ASKED, List.of(), delivered, Samples.DATA, Optional.of(Samples.DATA), Samples.AT);
        var decoded = FactCodec.MAIL_FAILED.decode(
                golden("mail.failed.delivered", FactCodec.MAIL_FAILED.encode(event, "mailbox-service", 2)));
        assertEquals(delivered, decoded.delivered());
        assertArrayEquals(Samples.DATA, decoded.mail().orElseThrow());
    }

    @Test
    void what_a_filter_adds_never_breaks_out_of_its_fields() {
        for (HeaderEdits forged : List.of(new HeaderEdits("X: y", List.of()), new HeaderEdits("", List.of("X Y")),
                new HeaderEdits("", List.of("\u00e4")))) {
            var closing = new MailRecord.Closing<Envelope>(Samples.MAIL, 1, 1, "ab".repeat(32), forged);
            var record = MailCodec.ACCEPTED.encode(closing, "smtp-gateway", 0);
            assertThrows(ContractViolation.class, () -> MailCodec.ACCEPTED.decode(received(record)));
        }
    }

    @Test
    void a_maildrop_update() throws Exception {
        assertEquals(Samples.UPDATED, FactCodec.MAILDROP_UPDATED.decode(
                golden("maildrop.updated", FactCodec.MAILDROP_UPDATED.encode(Samples.UPDATED, "pop3-gateway", 2))));
    }

    @Test
    void a_trail_event() throws Exception {
        assertEquals(Samples.TRAIL, FactCodec.MAIL_TRAIL.decode(
                golden("mail.trail", FactCodec.MAIL_TRAIL.encode(Samples.TRAIL, "smtp-gateway", 2))));
    }

    @Test
    void directory_changes() throws Exception {
        for (DirectoryEntry entry : List.of(
                new DirectoryEntry.Domain("demo.test", 1, Optional.of("alice@demo.test")),
                new DirectoryEntry.Account("alice@demo.test", 2, Samples.ACCOUNT, true),
                new DirectoryEntry.Alias("@demo.test", 3, List.of("alice@demo.test")))) {
            String name = "mail.directory." + entry.getClass().getSimpleName().toLowerCase();
            var decoded = DirectoryCodec.decode(golden(name, DirectoryCodec.encode(entry, "mailbox-service")));
            assertEquals(new DirectoryChange.Put(DirectoryChange.key(entry), entry), decoded);
        }
        ProducerRecord<byte[], byte[]> deletion = DirectoryCodec.encodeDeletion("address:alice@demo.test", 9, "mailbox-service");
        assertEquals(new DirectoryChange.Deleted("address:alice@demo.test", 9), DirectoryCodec.decode(received(deletion)));
        DirectoryChange.Rebuilding rebuilding = new DirectoryChange.Rebuilding(10);
        assertEquals(rebuilding, DirectoryCodec.decode(received(DirectoryCodec.encode(rebuilding, "mailbox-service"))));
    }

    @Test
    void a_record_of_a_stranger_is_a_contract_violation_and_nothing_else() throws Exception {
        var good = MailCodec.ACCEPTED.encode(new MailRecord.Whole<>(Samples.MAIL, Samples.ENVELOPE, Samples.DATA), "smtp-gateway", 1);
        for (String header : List.of("ce_type", "envelope")) {
            for (String value : List.of("", "null", "{}", "[]", "{\"mailId\":1}", "\u0000")) {
                ConsumerRecord<byte[], byte[]> forged = received(good);
                forged.headers().remove(header).add(header, value.getBytes(StandardCharsets.UTF_8));
                assertThrows(ContractViolation.class, () -> MailCodec.ACCEPTED.decode(forged), header + " = " + value);
            }
        }
        var record = received(good);
        for (byte[] key : new byte[][] {null, {}, "x".getBytes(), new byte[36], new byte[1 << 20]}) {
            var forged = new ConsumerRecord<>("mail.accepted", 0, 0L, 0L, record.timestampType(), 0, 0, key, Samples.DATA, record.headers(), Optional.empty());
            assertThrows(ContractViolation.class, () -> MailCodec.ACCEPTED.decode(forged));
        }
    }

    @Test
    void a_path_with_a_control_character_never_passes() {
        var forged = new Envelope(Samples.MAIL, "a\r\nRCPT TO:<x>@b.test", List.of("x@demo.test"), "7BIT",
                Samples.ENVELOPE.client(), "SMTP", "h", Samples.AT, 0, "");
        var record = MailCodec.ACCEPTED.encode(new MailRecord.Whole<>(Samples.MAIL, forged, Samples.DATA), "smtp-gateway", 0);
        assertThrows(ContractViolation.class, () -> MailCodec.ACCEPTED.decode(received(record)));
    }

    /** Compares what is written today with the golden record, and gives the golden one to decode. */
    private static ConsumerRecord<byte[], byte[]> golden(String name, ProducerRecord<byte[], byte[]> written) throws IOException {
        String file = "/golden/v1/" + name + ".txt";
        try (var in = GoldenTest.class.getResourceAsStream(file)) {
            String golden = in == null ? "no file " + file : new String(in.readAllBytes(), StandardCharsets.UTF_8);
            assertEquals(golden, print(written));
            return parse(golden, written.topic());
        }
    }

    private static String print(ProducerRecord<byte[], byte[]> record) {
        StringBuilder text = new StringBuilder("key: ").append(new String(record.key(), StandardCharsets.UTF_8)).append('\n');
        for (Header header : record.headers()) {
            String value = VOLATILE.contains(header.key()) ? "*" : new String(header.value(), StandardCharsets.UTF_8);
            text.append(header.key()).append(": ").append(value).append('\n');
        }
        String value = new String(record.value(), StandardCharsets.UTF_8);
        return text.append('\n').append(value.replace("\r\n", CRLF)).append('\n').toString();
    }

    private static ConsumerRecord<byte[], byte[]> parse(String golden, String topic) {
        RecordHeaders headers = new RecordHeaders();
        int end = golden.indexOf("\n\n");
        for (String line : golden.substring(0, end).split("\n")) {
            int colon = line.indexOf(": ");
            headers.add(line.substring(0, colon), line.substring(colon + 2).getBytes(StandardCharsets.UTF_8));
        }
        byte[] key = headers.lastHeader("key").value();
        String value = golden.substring(end + 2, golden.length() - 1);
        boolean json = new String(headers.lastHeader("content-type").value()).endsWith("json");
        byte[] octets = (json ? value : value.replace(CRLF, "\r\n")).getBytes(StandardCharsets.UTF_8);
        return new ConsumerRecord<>(topic, 0, 0L, 0L, TimestampType.CREATE_TIME, 0, 0, key, octets, headers, Optional.empty());
    }

    private static ConsumerRecord<byte[], byte[]> received(ProducerRecord<byte[], byte[]> sent) {
        return new ConsumerRecord<>(sent.topic(), 0, 0L, 0L, TimestampType.CREATE_TIME,
                0, 0, sent.key(), sent.value(), sent.headers(), Optional.empty());
    }
}
