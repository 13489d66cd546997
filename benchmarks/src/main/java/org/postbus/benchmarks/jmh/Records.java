package org.postbus.benchmarks.jmh;

import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.record.TimestampType;

/** Kafka between producer and consumer, left out. */
final class Records {

    private Records() {}

    static ConsumerRecord<byte[], byte[]> arrived(ProducerRecord<byte[], byte[]> sent) {
        return new ConsumerRecord<>(sent.topic(), sent.partition(), 0, 0, TimestampType.CREATE_TIME,
                sent.key().length, sent.value().length, sent.key(), sent.value(), sent.headers(), Optional.empty());
    }
}
