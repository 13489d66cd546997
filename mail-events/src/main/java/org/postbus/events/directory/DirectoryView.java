package org.postbus.events.directory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jboss.logging.Logger;
import org.postbus.events.ContractViolation;
import org.postbus.events.DirectoryCodec;
import org.postbus.events.Topics;

/**
 * A service's own view of the directory, read from the start of {@code mail.directory} by one thread. Look-ups
 * never block and never ask anybody.
 */
public final class DirectoryView implements Directory, AutoCloseable {

    /** How long {@link #confirmAtEnd} may take; past it the answer is that nothing could be confirmed. */
    public static final Duration CONFIRM_TIMEOUT = Duration.ofMillis(500);

    private static final Logger LOG = Logger.getLogger(DirectoryView.class);
    private static final TopicPartition PARTITION = new TopicPartition(Topics.MAIL_DIRECTORY, 0);
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration RETRY = Duration.ofSeconds(1);
    /** A broker answers one connection in order: a question for the end waits behind the fetch that waits for news. */
    private static final int FETCH_WAIT_MILLIS = 50;

    private final Map<String, Object> kafka;
    private final DirectoryTable table = new DirectoryTable();
    private final ConcurrentLinkedQueue<CompletableFuture<Void>> confirmations = new ConcurrentLinkedQueue<>();
    private final List<Waiter> waiters = new ArrayList<>();
    private final CompletableFuture<Void> loaded = new CompletableFuture<>();
    private final Object reached = new Object();
    /** Whether the owner waits for news and may be woken: once for each wait, so that many askers do not starve it. */
    private final AtomicBoolean waiting = new AtomicBoolean();
    private final Thread owner;
    private volatile KafkaConsumer<byte[], byte[]> consumer;
    private volatile boolean closed;
    private volatile long offset;

    private record Waiter(long end, CompletableFuture<Void> done) {
    }

    /** @param kafka client properties; the deserialisers and what this view needs are added */
    public DirectoryView(Map<String, Object> kafka, String clientId) {
        this.kafka = new HashMap<>(kafka);
        this.kafka.putAll(Map.of(
                ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, FETCH_WAIT_MILLIS,
                ConsumerConfig.CLIENT_ID_CONFIG, clientId,
                ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class,
                ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class,
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false,
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest",
                ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) CONFIRM_TIMEOUT.toMillis()));
        this.owner = Thread.ofPlatform().name(clientId + "-directory").daemon().unstarted(this::run);
    }

    public void start() {
        owner.start();
    }

    /** Completes when the view has seen all that the topic held when it began. */
    public CompletableFuture<Void> loaded() {
        return loaded;
    }

    /** The next offset of {@code mail.directory} that this view will read. */
    public long offset() {
        return offset;
    }

    /**
     * Makes sure that nothing newer is on the topic, so that a name that is missing is really unknown. Callers at
     * the same time share one query. Never blocks the caller; completes on the view's thread.
     *
     * @return fails with {@link TimeoutException} after {@link #CONFIRM_TIMEOUT}, when Kafka does not answer
     */
    public CompletableFuture<Void> confirmAtEnd() {
        CompletableFuture<Void> confirmation = new CompletableFuture<Void>()
                .orTimeout(CONFIRM_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        confirmations.add(confirmation);
        KafkaConsumer<byte[], byte[]> current = consumer;
        if (current != null && waiting.compareAndSet(true, false)) {
            current.wakeup();
        }
        return confirmation;
    }

    /** Blocks until {@link #offset} is at least {@code end}; false if that took longer than {@code timeout}. */
    public boolean awaitOffset(long end, Duration timeout) throws InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        synchronized (reached) {
            while (offset < end) {
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    return false;
                }
                TimeUnit.NANOSECONDS.timedWait(reached, left);
            }
            return true;
        }
    }

    @Override
    public Optional<DirectoryEntry.Domain> domain(String name) {
        return table.domain(name);
    }

    @Override
    public Optional<DirectoryEntry> address(String canonicalAddress) {
        return table.address(canonicalAddress);
    }

    @Override
    public Optional<DirectoryEntry.Domain> postmasterDomain() {
        return table.postmasterDomain();
    }

    /**
     * Whether a name that is missing at the end of the topic is missing for good. Not so while nothing was ever published, since the
     * event log may have lost it all, and while names are published anew.
     */
    public boolean isComplete() {
        return loaded.isDone() && offset > 0 && !table.isRebuilding();
    }

    /** Whether it has neither a domain nor an address. */
    public boolean isEmpty() {
        return table.isEmpty();
    }

    @Override
    public void close() {
        closed = true;
        KafkaConsumer<byte[], byte[]> current = consumer;
        if (current != null) {
            current.wakeup();
        }
        synchronized (owner) {
            owner.notifyAll();
        }
    }

    private void run() {
        while (!closed) {
            try (KafkaConsumer<byte[], byte[]> own = new KafkaConsumer<>(kafka)) {
                own.assign(List.of(PARTITION));
                own.seek(PARTITION, offset);
                consumer = own;
                follow(own);
            } catch (KafkaException e) {
                LOG.warnf("directory view stopped at offset %d, starts again: %s", offset, e.toString());
                pause();
            } finally {
                consumer = null;
            }
        }
    }

    private void follow(KafkaConsumer<byte[], byte[]> own) {
        while (!closed) {
            try {
                if (!loaded.isDone() || !confirmations.isEmpty()) {
                    askForEnd(own);
                    advance(own.position(PARTITION));
                }
                waiting.set(true);
                own.poll(confirmations.isEmpty() ? POLL : Duration.ZERO).records(PARTITION).forEach(this::apply);
                waiting.set(false);
                advance(own.position(PARTITION));
            } catch (WakeupException woken) {
                // somebody asks for the end, or closes the view: the loop looks at both
            } catch (org.apache.kafka.common.errors.TimeoutException unreachable) {
                LOG.debugf("mail.directory does not answer: %s", unreachable.getMessage());
            }
        }
    }

    /** One query serves all that asked before it; they are answered when the view has reached that end. */
    private void askForEnd(KafkaConsumer<byte[], byte[]> own) {
        List<CompletableFuture<Void>> asking = new ArrayList<>();
        for (CompletableFuture<Void> next = confirmations.poll(); next != null; next = confirmations.poll()) {
            asking.add(next);
        }
        if (!loaded.isDone() && waiters.stream().noneMatch(waiter -> waiter.done == loaded)) {
            asking.add(loaded);
        }
        if (asking.isEmpty()) {
            return;
        }
        try {
            long end = own.endOffsets(List.of(PARTITION)).get(PARTITION);
            asking.forEach(done -> waiters.add(new Waiter(end, done)));
        } catch (WakeupException woken) {
            asking.stream().filter(done -> done != loaded).forEach(confirmations::add);
            throw woken;
        }
    }

    private void apply(ConsumerRecord<byte[], byte[]> record) {
        try {
            table.apply(DirectoryCodec.decode(record));
        } catch (ContractViolation e) {
            LOG.errorf("mail.directory offset %d is no directory change and is passed over: %s", record.offset(), e.getMessage());
        }
    }

    private void advance(long next) {
        synchronized (reached) {
            offset = next;
            reached.notifyAll();
        }
        waiters.removeIf(waiter -> {
            if (waiter.end <= next) {
                waiter.done.complete(null);
            }
            return waiter.done.isDone();
        });
    }

    private void pause() {
        synchronized (owner) {
            try {
                if (!closed) {
                    owner.wait(RETRY.toMillis());
                }
            } catch (InterruptedException e) {
                closed = true;
            }
        }
    }
}
