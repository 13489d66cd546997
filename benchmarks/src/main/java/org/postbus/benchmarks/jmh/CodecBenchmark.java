package org.postbus.benchmarks.jmh;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.postbus.events.ContractViolation;
import org.postbus.events.DirectoryCodec;
import org.postbus.events.Envelope;
import org.postbus.events.FactCodec;
import org.postbus.events.MailCodec;
import org.postbus.events.MailRecord;
import org.postbus.events.RoutedEnvelope;
import org.postbus.events.TrailEvent;
import org.postbus.events.TrailStep;
import org.postbus.events.directory.DirectoryChange;
import org.postbus.events.directory.DirectoryEntry;

/** Events to Kafka records and back; one call is one event. The mail has 10 KB. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class CodecBenchmark {

    private static final String SERVICE = "smtp-gateway";

    private final MailRecord<Envelope> accepted =
            new MailRecord.Whole<>(Mails.MAIL_ID, Mails.envelope(), Mails.text(10 * 1024));
    private final MailRecord<RoutedEnvelope> routed =
            new MailRecord.Whole<>(Mails.MAIL_ID, Mails.routed(), Mails.text(10 * 1024));
    private final TrailEvent trail = new TrailEvent(UUID.fromString("01936f2a-0000-7000-8000-000000000003"),
            Instant.parse("2026-11-23T10:15:30.123Z"), SERVICE, TrailStep.ACCEPTED, Optional.of(Mails.MAIL_ID),
            Optional.of(UUID.fromString("01936f2a-0000-7000-8000-000000000002")), "192.0.2.8",
            Optional.of("ann@sender.test"),
            List.of(new TrailEvent.Recipient("bob@demo.test", "bob@demo.test", "2.1.5", "")),
            List.of(), Optional.empty(), 10 * 1024, "250 2.0.0 Accepted as " + Mails.MAIL_ID);
    private final DirectoryEntry account = new DirectoryEntry.Account("bob@demo.test", 4711,
            UUID.fromString("01936f2a-0000-7000-8000-000000000001"), true);

    private final ConsumerRecord<byte[], byte[]> acceptedRecord = Records.arrived(encodeAccepted());
    private final ConsumerRecord<byte[], byte[]> routedRecord = Records.arrived(encodeRouted());
    private final ConsumerRecord<byte[], byte[]> trailRecord = Records.arrived(encodeTrail());
    private final ConsumerRecord<byte[], byte[]> accountRecord = Records.arrived(encodeAccount());

    @Benchmark
    public final ProducerRecord<byte[], byte[]> encodeAccepted() {
        return MailCodec.ACCEPTED.encode(accepted, SERVICE, 0);
    }

    @Benchmark
    public MailRecord<Envelope> decodeAccepted() throws ContractViolation {
        return MailCodec.ACCEPTED.decode(acceptedRecord);
    }

    @Benchmark
    public final ProducerRecord<byte[], byte[]> encodeRouted() {
        return MailCodec.ROUTED.encode(routed, SERVICE, 0);
    }

    @Benchmark
    public MailRecord<RoutedEnvelope> decodeRouted() throws ContractViolation {
        return MailCodec.ROUTED.decode(routedRecord);
    }

    @Benchmark
    public final ProducerRecord<byte[], byte[]> encodeTrail() {
        return FactCodec.MAIL_TRAIL.encode(trail, SERVICE, 2);
    }

    @Benchmark
    public TrailEvent decodeTrail() throws ContractViolation {
        return FactCodec.MAIL_TRAIL.decode(trailRecord);
    }

    @Benchmark
    public final ProducerRecord<byte[], byte[]> encodeAccount() {
        return DirectoryCodec.encode(account, SERVICE);
    }

    @Benchmark
    public DirectoryChange decodeAccount() throws ContractViolation {
        return DirectoryCodec.decode(accountRecord);
    }
}
