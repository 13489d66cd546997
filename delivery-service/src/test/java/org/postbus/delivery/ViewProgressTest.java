package org.postbus.delivery;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postbus.consumer.InfrastructureFailure;
import org.postbus.embedded.EmbeddedKafka;
import org.postbus.events.DirectoryCodec;
import org.postbus.events.TopicCheck;
import org.postbus.events.directory.DirectoryChange;
import org.postbus.events.directory.DirectoryEntry;
import org.postbus.events.directory.DirectoryView;

/** Whether a mail may be routed by what the view has. */
class ViewProgressTest {

    private static final Duration BOUND = Duration.ofSeconds(30);

    @TempDir
    private Path folder;
    private EmbeddedKafka kafka;
    private KafkaProducer<byte[], byte[]> producer;
    private DirectoryView view;
    private ViewProgress progress;

    @BeforeEach
    void start() throws Exception {
        kafka = EmbeddedKafka.start(new EmbeddedKafka.Settings(folder.resolve("kafka"), 0, 0, false));
        try (Admin admin = Admin.create(kafka.clientProperties())) {
            TopicCheck.createStandalone(admin);
        }
        producer = new KafkaProducer<>(kafka.clientProperties(), new ByteArraySerializer(), new ByteArraySerializer());
        view = new DirectoryView(kafka.clientProperties(), "test-view");
        view.start();
        view.loaded().get(30, TimeUnit.SECONDS);
        progress = new ViewProgress(view, Duration.ofMillis(100));
    }

    @AfterEach
    void stop() {
        view.close();
        producer.close();
        kafka.close();
    }

    @Test
    void nothingIsRoutedUntilAllNamesAreThere() throws Exception {
        assertThrows(InfrastructureFailure.class, () -> progress.awaitOffset(0), "by nothing at all");
        send(DirectoryCodec.encode(new DirectoryChange.Rebuilding(5), "test"));
        send(DirectoryCodec.encode(new DirectoryEntry.Domain("first.test", 1, Optional.empty()), "test"));
        assertThrows(InfrastructureFailure.class, () -> progress.awaitOffset(2), "by the first name");
        assertThrows(InfrastructureFailure.class, () -> progress.awaitOffset(1000), "by the first name, for one of the topic before");
        send(DirectoryCodec.encodeDeletion(DirectoryChange.Rebuilding.KEY, 6, "test"));
        progress.awaitOffset(3);
        awaitPatiently(1000);
    }

    @Test
    void aDirectoryWithoutAnyNameIsOneToo() throws Exception {
        send(DirectoryCodec.encode(new DirectoryChange.Rebuilding(1), "test"));
        send(DirectoryCodec.encodeDeletion(DirectoryChange.Rebuilding.KEY, 2, "test"));
        assertTrue(view.awaitOffset(2, BOUND));
        progress.awaitOffset(2);
    }

    /** The topic's end may take longer than the view waits for it. */
    private void awaitPatiently(long offset) {
        long deadline = System.nanoTime() + BOUND.toNanos();
        while (true) {
            try {
                progress.awaitOffset(offset);
                return;
            } catch (InfrastructureFailure e) {
                if (System.nanoTime() > deadline) {
                    throw e;
                }
            }
        }
    }

    private void send(ProducerRecord<byte[], byte[]> record) throws Exception {
        assertTrue(view.awaitOffset(producer.send(record).get(30, TimeUnit.SECONDS).offset() + 1, BOUND));
    }
}
