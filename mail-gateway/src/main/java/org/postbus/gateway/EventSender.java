package org.postbus.gateway;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.header.Header;
import org.jboss.logging.Logger;
import org.postbus.events.FaultPoint;
import org.postbus.events.Topics;

/**
 * The one producer of a gateway. {@code KafkaProducer.send} can block, so one thread owns it and event loops only
 * enqueue. What is queued or unacknowledged is bounded in octets; over the bound a send fails at once.
 */
public final class EventSender implements AutoCloseable {

    /** From {@link #send} to its outcome at the latest: waiting here, for metadata, and for the acknowledgement. */
    public static final Duration OUTCOME_WITHIN = Duration.ofSeconds(10);

    private static final Logger LOG = Logger.getLogger(EventSender.class);
    private static final Duration QUEUED_AT_MOST = Duration.ofSeconds(1);
    private static final int MAX_BLOCK_MILLIS = 1_000;
    private static final int REQUEST_TIMEOUT_MILLIS = 3_000;
    private static final int DELIVERY_TIMEOUT_MILLIS = 8_000;
    private static final int BATCH_OCTETS = 1024 * 1024;
    /** A record's cost beyond its octets: objects, promise, batch slack. */
    private static final int RECORD_OVERHEAD = 512;
    /** How long one failure keeps the door shut when nothing was acknowledged since. */
    private static final long FAILURE_SHADOW_NANOS = Duration.ofSeconds(2).toNanos();

    private final Producer<byte[], byte[]> producer;
    private final TopicWatch topics;
    private final Vertx vertx;
    private final long capacity;
    private final AtomicLong octets = new AtomicLong();
    private final BlockingQueue<Pending> queue = new LinkedBlockingQueue<>();
    private final Thread thread;
    private volatile boolean closing;
    private volatile long lastFailure = System.nanoTime() - FAILURE_SHADOW_NANOS;
    private volatile long lastAcknowledged = lastFailure;

    private record Pending(ProducerRecord<byte[], byte[]> record, long cost, long since, Context context,
            Promise<RecordMetadata> promise) { }

    /**
     * @param kafka    base configuration of every Kafka client
     * @param clientId names the producer to the broker, for example {@code smtp-gateway}
     * @param topics   every topic that will be written
     * @param capacity octets that may be queued or unacknowledged
     */
    public static EventSender start(Vertx vertx, Map<String, Object> kafka, String clientId, Collection<String> topics,
            long capacity) {
        Producer<byte[], byte[]> producer = new KafkaProducer<>(producerConfig(kafka, clientId, capacity));
        return new EventSender(vertx, producer, new TopicWatch(kafka, topics), capacity);
    }

    EventSender(Vertx vertx, Producer<byte[], byte[]> producer, TopicWatch topics, long capacity) {
        this.vertx = vertx;
        this.producer = producer;
        this.topics = topics;
        this.capacity = capacity;
        this.thread = Thread.ofPlatform().name("event-sender").start(this::run);
    }

    static Map<String, Object> producerConfig(Map<String, Object> kafka, String clientId, long capacity) {
        Map<String, Object> config = new HashMap<>(kafka);
        config.keySet().removeIf(key -> !ProducerConfig.configNames().contains(key));
        config.put(ProducerConfig.CLIENT_ID_CONFIG, clientId);
        config.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        config.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        config.put(ProducerConfig.ACKS_CONFIG, "all");
        config.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "none");
        // What comes while a request is under way makes the next one: a lone mail waits for nobody, many share an fsync.
        config.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        config.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1);
        config.put(ProducerConfig.BATCH_SIZE_CONFIG, BATCH_OCTETS);
        config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, MAX_BLOCK_MILLIS);
        config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, REQUEST_TIMEOUT_MILLIS);
        config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, DELIVERY_TIMEOUT_MILLIS);
        config.put(ProducerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 500);
        config.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Topics.MAX_RECORD_OCTETS);
        // Our own bound comes first, so that the producer's buffer, which blocks, never fills.
        config.put(ProducerConfig.BUFFER_MEMORY_CONFIG, 2 * capacity + 32L * BATCH_OCTETS);
        return config;
    }

    /**
     * Sends a record whose partition is set. To be called on a Vert.x context; completes there within
     * {@link #OUTCOME_WITHIN}. Fails with {@link NotSent} where Kafka certainly never gets the record; after any other
     * failure it may be there.
     */
    public Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record) {
        long cost = cost(record);
        if (closing || octets.addAndGet(cost) > capacity) {
            octets.addAndGet(closing ? 0 : -cost);
            return Future.failedFuture(new NotSent("the event queue is full or closed"));
        }
        Pending pending = new Pending(record, cost, System.nanoTime(), vertx.getOrCreateContext(), Promise.promise());
        queue.add(pending);
        return pending.promise().future();
    }

    /** Partitions of a topic; empty until Kafka has told. */
    public OptionalInt partitions(String topic) {
        return topics.partitions(topic);
    }

    /** Whether a send is likely to succeed now; while it is not, a gateway refuses before it takes anything. */
    public boolean available() {
        long failure = lastFailure;
        boolean shadowed = failure - lastAcknowledged > 0 && System.nanoTime() - failure < FAILURE_SHADOW_NANOS;
        return topics.reachable() && !shadowed && octets.get() < capacity;
    }

    /** Octets queued or unacknowledged. */
    public long pendingOctets() {
        return octets.get();
    }

    /** Takes no more, gives what is queued its time, and closes the producer. Blocks up to 12 s. */
    @Override
    public void close() {
        closing = true;
        thread.interrupt();
        try {
            thread.join(Duration.ofSeconds(2));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        producer.close(OUTCOME_WITHIN);
        topics.close();
    }

    private void run() {
        List<Pending> batch = new ArrayList<>();
        while (!closing || !queue.isEmpty()) {
            try {
                batch.add(queue.take());
                queue.drainTo(batch);
            } catch (InterruptedException e) {
                queue.drainTo(batch);
            }
            batch.forEach(this::hand);
            batch.clear();
        }
    }

    private void hand(Pending pending) {
        if (System.nanoTime() - pending.since() > QUEUED_AT_MOST.toNanos()) {
            fail(pending, new NotSent("the event waited too long for Kafka"));
            return;
        }
        try {
            producer.send(pending.record(), (metadata, failure) -> {
                if (failure == null) {
                    lastAcknowledged = System.nanoTime();
                    finish(pending);
                    pending.context().runOnContext(ignored -> pending.promise().complete(metadata));
                } else {
                    fail(pending, failure);
                }
            });
            FaultPoint.SENT.reached(pending.record().topic());
        } catch (RuntimeException e) {
            fail(pending, e);
        }
    }

    private void fail(Pending pending, Exception failure) {
        lastFailure = System.nanoTime();
        LOG.debugf("no acknowledgement on %s: %s", pending.record().topic(), failure.getMessage());
        finish(pending);
        pending.context().runOnContext(ignored -> pending.promise().fail(failure));
    }

    private void finish(Pending pending) {
        octets.addAndGet(-pending.cost());
    }

    private static long cost(ProducerRecord<byte[], byte[]> record) {
        long cost = RECORD_OVERHEAD;
        cost += record.key() == null ? 0 : record.key().length;
        cost += record.value() == null ? 0 : record.value().length;
        for (Header header : record.headers()) {
            cost += header.value().length;
        }
        return cost;
    }
}
