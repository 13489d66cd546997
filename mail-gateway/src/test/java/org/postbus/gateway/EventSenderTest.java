package org.postbus.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EventSenderTest {

    private static final Map<String, Object> NOWHERE = Map.of("bootstrap.servers", "127.0.0.1:1");

    private final Vertx vertx = Vertx.vertx();
    private final MockProducer<byte[], byte[]> producer =
            new MockProducer<>(false, null, new ByteArraySerializer(), new ByteArraySerializer());
    private final EventSender sender = new EventSender(vertx, producer, new TopicWatch(NOWHERE, List.of("t")), 10_000);

    @AfterEach
    void close() throws Exception {
        sender.close();
        await(vertx.close());
    }

    @Test
    void completesOnTheContextThatAsked() throws Exception {
        Promise<Context> completedOn = Promise.promise();
        Context asker = vertx.getOrCreateContext();
        asker.runOnContext(ignored -> sender.send(record(10)).onSuccess(sent -> completedOn.complete(Vertx.currentContext())));
        acknowledge();
        assertSame(asker, await(completedOn.future()));
        assertEquals(0, sender.pendingOctets());
    }

    @Test
    void aFullQueueFailsAtOnceAndCertainly() throws Exception {
        Future<RecordMetadata> first = sender.send(record(9_000));
        ExecutionException failure = assertThrows(ExecutionException.class, () -> await(sender.send(record(9_000))));
        assertInstanceOf(NotSent.class, failure.getCause());
        acknowledge();
        await(first);
        Future<RecordMetadata> again = sender.send(record(9_000));
        acknowledge();
        await(again);
    }

    @Test
    void aFailedSendIsNotCertain() throws Exception {
        Future<RecordMetadata> sent = sender.send(record(10));
        while (!producer.errorNext(new TimeoutException("no acknowledgement"))) {
            Thread.onSpinWait();
        }
        ExecutionException failure = assertThrows(ExecutionException.class, () -> await(sent));
        assertInstanceOf(TimeoutException.class, failure.getCause());
        assertEquals(0, sender.pendingOctets());
    }

    @Test
    void isNotAvailableWhileKafkaIsNotReached() {
        assertFalse(sender.available());
        assertTrue(sender.partitions("t").isEmpty());
    }

    @Test
    void theProducerAcceptsItsConfiguration() {
        Map<String, Object> config = EventSender.producerConfig(NOWHERE, "test", 1_000_000);
        new KafkaProducer<byte[], byte[]>(config).close(java.time.Duration.ZERO);
        assertEquals("all", config.get("acks"));
    }

    private void acknowledge() {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (!producer.completeNext() && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
    }

    private static ProducerRecord<byte[], byte[]> record(int octets) {
        return new ProducerRecord<>("t", 0, new byte[0], new byte[octets]);
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }
}
