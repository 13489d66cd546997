package org.postbus.mailbox.filing;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.postbus.events.ContractViolation;
import org.postbus.events.MailCodec;
import org.postbus.events.MailRecord;
import org.postbus.events.RoutedEnvelope;

/**
 * The records of a batch by what is done with them. That wholes go before chunks and those before closings changes
 * nothing: records of different mails do not depend on each other, and a mail's closing follows its chunks.
 */
record RoutedBatch(List<MailRecord.Whole<RoutedEnvelope>> wholes, List<ArrivedChunk> chunks,
        List<MailRecord.Closing<RoutedEnvelope>> closings) {

    static RoutedBatch decode(List<ConsumerRecord<byte[], byte[]>> records) throws ContractViolation {
        RoutedBatch batch = new RoutedBatch(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        Instant now = Instant.now();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            batch.add(record, logTime(record, now));
        }
        return batch;
    }

    /** The record's time, but never later than now: a record from the future must not age the others. */
    static Instant logTime(ConsumerRecord<byte[], byte[]> record, Instant now) {
        Instant time = Instant.ofEpochMilli(record.timestamp());
        return time.isBefore(now) ? time : now;
    }

    private void add(ConsumerRecord<byte[], byte[]> record, Instant at) throws ContractViolation {
        switch (MailCodec.ROUTED.decode(record)) {
            case MailRecord.Whole<RoutedEnvelope> whole -> wholes.add(whole);
            case MailRecord.FirstChunk<RoutedEnvelope> first -> chunks.add(new ArrivedChunk(first.mailId(), 0,
                    first.data(), Optional.of(MailCodec.ROUTED.envelopeJson(first.envelope())), record.partition(), at));
            case MailRecord.Chunk<RoutedEnvelope> chunk -> {
                if (chunk.n() >= ChunkParking.MAX_CHUNKS) {
                    throw new ContractViolation("chunk " + chunk.n() + " is beyond any mail");
                }
                chunks.add(new ArrivedChunk(chunk.mailId(), chunk.n(), chunk.data(), Optional.empty(),
                        record.partition(), at));
            }
            case MailRecord.Closing<RoutedEnvelope> closing -> closings.add(closing);
        }
    }
}
