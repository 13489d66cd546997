package org.postbus.consumer;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.errors.WakeupException;
import org.jboss.logging.Logger;

/**
 * Applies one topic to a service's database, in one thread of its own, until it is closed. Nothing but an
 * {@link Error} ends it: it waits out whatever is missing and tries again.
 */
public final class PollLoop implements AutoCloseable {

    static final Logger LOG = Logger.getLogger(PollLoop.class);

    private static final Duration LEAVE_WITHIN = Duration.ofSeconds(5);

    private final Subscription subscription;
    private final DataSource dataSource;
    private final BatchHandler handler;
    private final DeadLetters deadLetters;
    private final ConsumerMetrics metrics;
    private final Thread thread;
    private final CountDownLatch closing = new CountDownLatch(1);
    private volatile LoopStatus status;
    private volatile KafkaConsumer<byte[], byte[]> consumer;

    /**
     * @param dataSource the service's, with the {@linkplain Positions position table} in its schema
     * @param producer   writes the dead letters; not closed here
     * @param meters     where {@code postbus.consumer.*} go
     */
    public PollLoop(Subscription subscription, DataSource dataSource, BatchHandler handler, EventProducer producer,
            MeterRegistry meters) {
        this.subscription = subscription;
        this.dataSource = dataSource;
        this.handler = handler;
        this.deadLetters = new DeadLetters(producer, subscription.deadLetterTopic());
        this.status = LoopStatus.starting(subscription.group());
        this.metrics = new ConsumerMetrics(meters, subscription, this::status);
        this.thread = Thread.ofPlatform().name(subscription.group()).daemon(true).unstarted(this::run);
    }

    public PollLoop start() {
        thread.start();
        return this;
    }

    public LoopStatus status() {
        return status;
    }

    /** Finishes the batch in hand, leaves the group and waits for both, 30 s at most. */
    @Override
    public void close() {
        closing.countDown();
        KafkaConsumer<byte[], byte[]> current = consumer;
        if (current != null) {
            current.wakeup();
        }
        try {
            if (thread.getState() != Thread.State.NEW && !thread.join(Duration.ofSeconds(30))) {
                LOG.warnf("%s: the batch in hand did not end within 30 s", subscription.group());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        metrics.close();
    }

    private void run() {
        try {
            while (!closing()) {
                member();
            }
        } catch (Error e) {
            LOG.fatalf(e, "%s: the poll loop ends", subscription.group());
            throw e;
        } finally {
            LoopStatus last = status;
            status = new LoopStatus(last.group(), last.applied(), last.stalled(), last.lag(), last.oldest(),
                    last.trouble(), false);
        }
    }

    /** One membership; ends at close, or by a failure of the consumer itself, after which another one begins. */
    private void member() {
        KafkaConsumer<byte[], byte[]> mine = null;
        try {
            mine = new KafkaConsumer<>(subscription.consumerConfig());
            consumer = mine;
            new Membership(subscription, mine, dataSource, handler, deadLetters, metrics, now -> status = now)
                    .run(this::closing);
        } catch (WakeupException e) {
            LOG.debugf("%s: woken to close", subscription.group());
        } catch (RuntimeException e) {
            LOG.errorf(e, "%s: the consumer failed, joining again", subscription.group());
            pauseBeforeTheNext();
        } finally {
            leave(mine);
        }
    }

    private void leave(KafkaConsumer<byte[], byte[]> mine) {
        if (mine == null) {
            return;
        }
        try {
            mine.close(CloseOptions.timeout(LEAVE_WITHIN));
        } catch (RuntimeException e) {
            LOG.debugf(e, "%s: left the group without a word", subscription.group());
        }
    }

    private boolean closing() {
        return closing.getCount() == 0;
    }

    private void pauseBeforeTheNext() {
        try {
            closing.await(1, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
