package org.postbus.systemtest.faults.check;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.common.TopicPartition;
import org.postbus.systemtest.faults.cluster.Cluster;
import org.postbus.systemtest.faults.report.Tally;

/** Watches which member of a consumer group has which partitions, and counts the changes that last long enough to be seen. */
public final class Assignments implements AutoCloseable {

    private static final int LOOK_EACH_MILLIS = 250;
    private static final List<String> GROUPS = List.of("delivery.mail.accepted", "mailbox.mail.routed", "mailbox.maildrop.updated");

    private final Admin admin;
    private final Tally tally;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Map<String, Map<String, Set<TopicPartition>>> before = new HashMap<>();
    private final Thread watcher;

    private Assignments(Admin admin, Tally tally) {
        this.admin = admin;
        this.tally = tally;
        this.watcher = Thread.ofVirtual().start(this::watch);
    }

    public static Assignments watch(Cluster cluster, Tally tally) {
        return new Assignments(Admin.create(Map.of("bootstrap.servers", cluster.kafka().bootstrap())), tally);
    }

    private void watch() {
        try {
            while (!closing.await(LOOK_EACH_MILLIS, TimeUnit.MILLISECONDS)) {
                look();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void look() throws InterruptedException {
        try {
            admin.describeConsumerGroups(GROUPS).all().get().forEach(this::compare);
        } catch (ExecutionException e) {
            // The coordinator moves, or the broker is away: the next look tells more.
        }
    }

    private void compare(String group, ConsumerGroupDescription now) {
        Map<String, Set<TopicPartition>> partitions = now.members().stream()
                .collect(Collectors.toMap(member -> member.consumerId(), member -> member.assignment().topicPartitions()));
        Map<String, Set<TopicPartition>> last = before.put(group, partitions);
        if (last != null && !last.equals(partitions)) {
            tally.event("rebalances of " + group);
        }
        tally.atMost("members of " + group + " at most", partitions.values().stream().filter(some -> !some.isEmpty()).count());
    }

    @Override
    public void close() throws InterruptedException {
        closing.countDown();
        watcher.join();
        admin.close();
    }
}
