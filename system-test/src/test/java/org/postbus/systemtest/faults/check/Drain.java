package org.postbus.systemtest.faults.check;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.TopicPartition;
import org.postbus.events.Topics;
import org.postbus.systemtest.Await;
import org.postbus.systemtest.faults.cluster.Cluster;
import org.postbus.systemtest.faults.report.Invariant;
import org.postbus.systemtest.faults.report.Tally;

/** Waits until everything that was accepted has gone its way: logs are applied to their ends, outboxes and queue are empty. */
final class Drain {

    private static final Duration WITHIN = Duration.ofSeconds(240);
    private static final Map<String, List<String>> CONSUMED = Map.of(
            "delivery", List.of(Topics.MAIL_ACCEPTED, Topics.MAIL_FAILED),
            "mailbox", List.of(Topics.MAIL_ROUTED, Topics.MAILDROP_UPDATED, Topics.MAIL_TRAIL,
                    Topics.DELIVERY_DEAD_LETTER, Topics.MAILBOX_DEAD_LETTER));

    private static final String QUEUED = "select count(*) from delivery.recipient where next_attempt_at <> 'infinity'";
    private static final String QUEUED_MAILS = "select count(*) from delivery.mail where complete and done_at is null";

    private final Cluster cluster;
    private final Tally tally;

    Drain(Cluster cluster, Tally tally) {
        this.cluster = cluster;
        this.tally = tally;
    }

    /** I11; where it does not drain the check goes on with what is there. */
    void await() throws Exception {
        long begin = System.nanoTime();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", cluster.kafka().bootstrap()))) {
            Await.answer("the drain", WITHIN, () -> isDrained(admin) && isDrained(admin) ? Optional.of(true) : Optional.empty());
            tally.trial(Invariant.I11, true, "");
            tally.note("drained in " + TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begin) + " s");
        } catch (AssertionError e) {
            tally.trial(Invariant.I11, false, "not drained: " + rest());
        }
    }

    private boolean isDrained(Admin admin) throws InterruptedException {
        try {
            Map<String, Long> rest = rest(admin);
            return rest.values().stream().allMatch(count -> count == 0);
        } catch (SQLException | ExecutionException | TimeoutException e) {
            return false;
        }
    }

    private String rest() throws InterruptedException {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", cluster.kafka().bootstrap()))) {
            return rest(admin).toString();
        } catch (SQLException | ExecutionException | TimeoutException e) {
            return e.toString();
        }
    }

    /** Records behind each consumer, and rows of outboxes and queue; a large mail that still arrives is not in the queue yet. */
    private Map<String, Long> rest(Admin admin) throws SQLException, InterruptedException, ExecutionException, TimeoutException {
        Map<String, Long> rest = new TreeMap<>();
        for (var service : CONSUMED.entrySet()) {
            Map<TopicPartition, Long> ends = Backlog.ends(admin, service.getValue());
            try (Connection connection = cluster.postgres().connect()) {
                Map<TopicPartition, Long> positions = Backlog.positions(connection, service.getKey());
                ends.forEach((partition, end) -> rest.merge(service.getKey() + "." + partition.topic(),
                        end - positions.getOrDefault(partition, 0L), Long::sum));
            }
        }
        try (Connection connection = cluster.postgres().connect()) {
            rest.put("outbox", Sql.count(connection, "select count(*) from mailbox.outbox"));
            rest.put("relay outbox", Sql.count(connection, "select count(*) from delivery.outbox"));
            rest.put("queue", Sql.count(connection, QUEUED));
            rest.put("queued mails", Sql.count(connection, QUEUED_MAILS));
        }
        return rest;
    }
}
