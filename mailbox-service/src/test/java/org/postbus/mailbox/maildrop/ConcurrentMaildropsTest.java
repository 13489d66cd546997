package org.postbus.mailbox.maildrop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.postbus.mailbox.TestMails.consumed;
import static org.postbus.mailbox.TestMails.routedTo;
import static org.postbus.mailbox.TestMails.whole;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.postbus.events.FactCodec;
import org.postbus.events.MaildropUpdated;
import org.postbus.events.RoutedEnvelope;
import org.postbus.mailbox.Maildrops;
import org.postbus.mailbox.Servers;
import org.postbus.mailbox.content.Sweeper;
import org.postbus.mailbox.eventlog.EventLog;
import org.postbus.mailbox.filing.FilingMetrics;
import org.postbus.mailbox.filing.MailFiler;

/** Several instances at a time on the same maildrops: the same mails filed and deleted by each, in its own order. */
@QuarkusTest
@QuarkusTestResource(Servers.class)
class ConcurrentMaildropsTest {

    private static final int INSTANCES = 4;
    private static final int ACCOUNTS = 8;
    private static final int MAILS = 200;
    private static final int BATCH = 25;

    @Inject
    Maildrops maildrops;

    @Inject
    EventLog log;

    @Inject
    Sweeper sweeper;

    @Test
    void instancesThatRaceNeitherDoubleNorLoseNorWaitForEachOther() throws Exception {
        List<UUID> accounts = Stream.generate(maildrops::account).limit(ACCOUNTS).toList();
        List<RoutedEnvelope> mails = new ArrayList<>();
        for (int i = 0; i < MAILS; i++) {
            mails.add(routedTo(accounts.get(i % ACCOUNTS), accounts.get((i + 1) % ACCOUNTS), accounts.get((i * 5 + 3) % ACCOUNTS)));
        }
        Queue<UUID> deleted = new ConcurrentLinkedQueue<>();
        try (ExecutorService instances = Executors.newFixedThreadPool(INSTANCES + 1)) {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < INSTANCES; i++) {
                Random random = new Random(i);
                running.add(instances.submit(() -> instance(mails, random, deleted)));
            }
            running.add(instances.submit(() -> {
                for (int i = 0; i < 20; i++) {
                    sweeper.sweep();
                }
            }));
            for (Future<?> instance : running) {
                instance.get();
            }
        }
        for (UUID account : accounts) {
            assertTrue(maildrops.sumsAreRight(account), "the sums of " + account);
        }
        long expected = mails.stream().filter(mail -> !deleted.contains(mail.accepted().mailId()))
                .mapToLong(mail -> mail.deliveries().stream().map(RoutedEnvelope.LocalDelivery::accountId).distinct().count()).sum();
        assertEquals(expected, accounts.stream().mapToLong(account -> maildrops.listing(account).size()).sum());
    }

    private void instance(List<RoutedEnvelope> mails, Random random, Queue<UUID> deleted) {
        List<RoutedEnvelope> mine = new ArrayList<>(mails);
        java.util.Collections.shuffle(mine, random);
        MailFiler filer = new MailFiler(log.producer(), (connection, record) -> { }, () -> { },
                new FilingMetrics(new SimpleMeterRegistry()));
        MaildropUpdates updates = new MaildropUpdates(log.producer());
        for (int from = 0; from < mine.size(); from += BATCH) {
            List<RoutedEnvelope> batch = mine.subList(from, from + BATCH);
            maildrops.apply(filer, batch.stream().map(mail -> consumed(whole(mail, "hi\r\n"))).toList());
            RoutedEnvelope gone = batch.get(random.nextInt(BATCH));
            deleted.add(gone.accepted().mailId());
            maildrops.apply(updates, gone.deliveries().stream().map(delivery -> consumed(FactCodec.MAILDROP_UPDATED.encode(
                    new MaildropUpdated(delivery.accountId(), Optional.empty(), List.of(gone.accepted().mailId()), "pop3",
                            Instant.now()), "pop3-gateway", 1), Instant.now())).toList());
        }
    }
}
