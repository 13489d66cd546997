package org.postbus.mailbox.directory;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jboss.logging.Logger;
import org.postbus.events.ContractViolation;
import org.postbus.events.DirectoryCodec;
import org.postbus.events.Topics;
import org.postbus.events.directory.DirectoryChange;

/** The topic {@code mail.directory}. */
final class PublishedDirectory implements RestoredDirectory.Log {

    private static final Logger LOG = Logger.getLogger(PublishedDirectory.class);
    private static final TopicPartition PARTITION = new TopicPartition(Topics.MAIL_DIRECTORY, 0);
    private static final Duration POLL = Duration.ofSeconds(1);

    private final Admin admin;
    private final Map<String, Object> settings;
    private final Duration within;

    /**
     * @param admin    whose calls end in a time; not closed here
     * @param settings of a consumer
     * @param within   how long reading it may take
     */
    PublishedDirectory(Admin admin, Map<String, Object> settings, Duration within) {
        this.admin = admin;
        this.settings = settings;
        this.within = within;
    }

    @Override
    public RestoredDirectory.Topic topic() {
        var topics = admin.describeTopics(List.of(Topics.MAIL_DIRECTORY)).topicNameValues();
        var ends = admin.listOffsets(Map.of(PARTITION, OffsetSpec.latest()));
        String id = of(topics.get(Topics.MAIL_DIRECTORY)).topicId().toString();
        return new RestoredDirectory.Topic(id, of(ends.partitionResult(PARTITION)).offset() == 0);
    }

    private static <T> T of(KafkaFuture<T> answer) {
        try {
            return answer.get();
        } catch (ExecutionException e) {
            throw new KafkaException("mail.directory cannot be asked for: " + e.getCause().getMessage(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptException(e);
        }
    }

    @Override
    public RestoredDirectory.Content read() {
        Map<String, DirectoryChange> last = new HashMap<>();
        boolean legible = true;
        try (var consumer = consumer()) {
            consumer.seekToBeginning(List.of(PARTITION));
            long end = end(consumer);
            long deadline = System.nanoTime() + within.toNanos();
            while (consumer.position(PARTITION) < end) {
                if (System.nanoTime() - deadline > 0) {
                    throw new TimeoutException("mail.directory was not read to its end within " + within);
                }
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    legible &= add(record, last);
                }
            }
        }
        return new RestoredDirectory.Content(last.values(), legible);
    }

    private static long end(KafkaConsumer<byte[], byte[]> consumer) {
        return consumer.endOffsets(List.of(PARTITION)).get(PARTITION);
    }

    private KafkaConsumer<byte[], byte[]> consumer() {
        Map<String, Object> config = new HashMap<>(settings);
        config.put(ConsumerConfig.CLIENT_ID_CONFIG, "mailbox-directory");
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, Math.toIntExact(within.toMillis()));
        config.remove(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG);
        var consumer = new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        consumer.assign(List.of(PARTITION));
        return consumer;
    }

    /** @return false if it is no change */
    private static boolean add(ConsumerRecord<byte[], byte[]> record, Map<String, DirectoryChange> last) {
        try {
            DirectoryChange change = DirectoryCodec.decode(record);
            last.merge(change.key(), change, (before, now) -> now.version() > before.version() ? now : before);
            return true;
        } catch (ContractViolation e) {
            LOG.errorf("mail.directory offset %d is no directory change and is passed over: %s", record.offset(), e.getMessage());
            return false;
        }
    }
}
