package org.postbus.mailbox.trail;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.subscription.MultiEmitter;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jboss.logging.Logger;
import org.postbus.events.ContractViolation;
import org.postbus.events.FactCodec;
import org.postbus.events.Topics;
import org.postbus.mailbox.config.KafkaClients;

/**
 * The trail as it happens, for people who watch. Follows the event log itself, from the moment that the first watcher
 * comes until the last one goes, so each instance shows all. A watcher that does not keep up is let go.
 */
@Singleton
public class TrailStream {

    /** Watchers at a time. */
    static final int MAX_WATCHERS = 100;

    /** Events that a watcher may be behind. */
    static final int MAX_BEHIND = 1000;

    private static final Logger LOG = Logger.getLogger(TrailStream.class);
    private static final Duration POLL = Duration.ofMillis(500);

    private final KafkaClients kafka;
    private final List<MultiEmitter<? super TrailView>> watchers = new CopyOnWriteArrayList<>();
    private boolean following;
    private volatile boolean closed;

    public TrailStream(KafkaClients kafka) {
        this.kafka = kafka;
    }

    /** What happens from now on. */
    Multi<TrailView> watch() {
        return Multi.createFrom().<TrailView>emitter(this::add, MAX_BEHIND);
    }

    /** Whether another one may watch. */
    boolean hasRoom() {
        return watchers.size() < MAX_WATCHERS;
    }

    /** Lets every watcher go; whoever comes then is let go at once. */
    @PreDestroy
    public void close() {
        closed = true;
        watchers.forEach(MultiEmitter::complete);
    }

    private void add(MultiEmitter<? super TrailView> watcher) {
        watcher.onTermination(() -> watchers.remove(watcher));
        watchers.add(watcher);
        if (closed) {
            watcher.complete();
            return;
        }
        synchronized (this) {
            if (!following) {
                following = true;
                Thread.ofVirtual().name("mailbox.trail-stream").start(this::follow);
            }
        }
    }

    private void follow() {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(config())) {
            List<TopicPartition> partitions = consumer.partitionsFor(Topics.MAIL_TRAIL).stream()
                    .map(partition -> new TopicPartition(partition.topic(), partition.partition())).toList();
            consumer.assign(partitions);
            consumer.seekToEnd(partitions);
            while (wanted()) {
                consumer.poll(POLL).forEach(this::show);
            }
        } catch (KafkaException e) {
            LOG.warnf("the trail's stream ends: %s", e.getMessage());
            stop(e);
        }
    }

    private synchronized boolean wanted() {
        following = !closed && !watchers.isEmpty();
        return following;
    }

    private synchronized void stop(KafkaException failure) {
        following = false;
        watchers.forEach(watcher -> watcher.fail(failure));
    }

    private void show(ConsumerRecord<byte[], byte[]> record) {
        try {
            TrailView event = TrailView.of(FactCodec.MAIL_TRAIL.decode(record));
            watchers.forEach(watcher -> watcher.emit(event));
        } catch (ContractViolation e) {
            LOG.debugf("not on the trail: %s", e.getMessage());
        }
    }

    private Map<String, Object> config() {
        Map<String, Object> config = new HashMap<>(kafka.consumerSettings());
        config.remove(ConsumerConfig.GROUP_ID_CONFIG);
        config.remove(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG);
        config.put(ConsumerConfig.CLIENT_ID_CONFIG, "mailbox.trail-stream");
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        config.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        return config;
    }
}
