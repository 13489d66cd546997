package org.postbus.consumer;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.postbus.events.Topics;

/** Sends events and knows when they are safe: idempotent, acknowledged by all in-sync replicas. Safe for all threads. */
public final class EventProducer implements AutoCloseable {

    /** Longer than a send may take before Kafka itself gives it up, so that the outcome is known. */
    public static final Duration ACKNOWLEDGED_WITHIN = Duration.ofSeconds(20);

    private static final int BATCH_OCTETS = 1024 * 1024;

    private final KafkaProducer<byte[], byte[]> producer;

    /**
     * @param service names the client
     * @param kafka   connection settings of the Kafka clients; keys that a producer does not know are ignored
     */
    public EventProducer(String service, Map<String, Object> kafka) {
        this.producer = new KafkaProducer<>(config(service, kafka));
    }

    private static Map<String, Object> config(String service, Map<String, Object> kafka) {
        Map<String, Object> config = new HashMap<>();
        config.put(ProducerConfig.CLIENT_ID_CONFIG, service + ".producer");
        // What comes while a request is under way makes the next one.
        config.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        config.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1);
        config.put(ProducerConfig.BATCH_SIZE_CONFIG, BATCH_OCTETS);
        config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 5_000);
        config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 5_000);
        config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 15_000);
        config.putAll(kafka);
        config.keySet().retainAll(ProducerConfig.configNames());
        config.put(ProducerConfig.ACKS_CONFIG, "all");
        config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        config.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Topics.MAX_RECORD_OCTETS);
        config.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        config.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        return config;
    }

    /** How many partitions the topic has. Asks the broker at first, blocking some seconds at most. */
    public int partitions(String topic) {
        try {
            return producer.partitionsFor(topic).size();
        } catch (KafkaException e) {
            throw new InfrastructureFailure("the partitions of " + topic + " are not known: " + e.getMessage(), e);
        }
    }

    /** Sends; blocks some seconds at most, when buffers are full. The future fails with a {@link KafkaException}. */
    public CompletableFuture<RecordMetadata> send(ProducerRecord<byte[], byte[]> record) {
        CompletableFuture<RecordMetadata> acknowledged = new CompletableFuture<>();
        try {
            producer.send(record, (metadata, failure) -> {
                if (failure == null) {
                    acknowledged.complete(metadata);
                } else {
                    acknowledged.completeExceptionally(failure);
                }
            });
        } catch (KafkaException | IllegalStateException e) {
            acknowledged.completeExceptionally(new KafkaException("not sent to " + record.topic(), e));
        }
        return acknowledged;
    }

    /**
     * Waits until all of them are acknowledged.
     *
     * @throws InfrastructureFailure at least one is not; some of them may have been written all the same
     * @throws KafkaException        a record that Kafka will never take, for example over the size limit
     */
    public static void awaitAll(Collection<? extends Future<RecordMetadata>> sends, Duration within) {
        long deadline = System.nanoTime() + within.toNanos();
        for (Future<RecordMetadata> send : sends) {
            await(send, deadline);
        }
    }

    private static void await(Future<RecordMetadata> send, long deadline) {
        try {
            send.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof KafkaException kafka && FailureKind.of(kafka) == FailureKind.DATA) {
                throw kafka;
            }
            throw new InfrastructureFailure("not acknowledged: " + e.getCause().getMessage(), e.getCause());
        } catch (TimeoutException e) {
            throw new InfrastructureFailure("not acknowledged in time", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InfrastructureFailure("interrupted before the acknowledgement", e);
        }
    }

    /** Waits for what is under way, some seconds at most. */
    @Override
    public void close() {
        producer.close(Duration.ofSeconds(5));
    }
}
