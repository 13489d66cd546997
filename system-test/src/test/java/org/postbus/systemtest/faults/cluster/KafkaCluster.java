package org.postbus.systemtest.faults.cluster;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.Uuid;
import org.postbus.events.TopicSettings;
import org.postbus.events.Topics;
import org.postbus.systemtest.Await;

/** One broker, or three with replication factor 3 and two in-sync replicas at least. */
public final class KafkaCluster {

    private static final Duration SERVES_WITHIN = Duration.ofSeconds(120);
    /** So that every replica of a consumer has work when there are four. */
    private static final int PARTITIONS = 4;

    private final List<Broker> brokers = new ArrayList<>();
    private final String clusterId = Uuid.randomUuid().toString();

    /** @param data of all brokers */
    KafkaCluster(int count, Path folder, Path data) throws IOException {
        for (int id = 1; id <= count; id++) {
            brokers.add(new Broker(id, folder, data.resolve("kafka-" + id)));
        }
    }

    public List<Broker> brokers() {
        return brokers;
    }

    /** {@code bootstrap.servers} of the harness, past every link. */
    public String bootstrap() {
        return brokers.stream().map(Broker::address).collect(Collectors.joining(","));
    }

    String bootstrap(Kind kind) {
        return brokers.stream().map(broker -> "127.0.0.1:" + broker.link(kind).port()).collect(Collectors.joining(","));
    }

    /** Starts a broker that does not run, without waiting. */
    public void start(Broker broker) throws IOException {
        broker.start(clusterId, brokers.stream().map(Broker::voter).collect(Collectors.joining(",")), brokers.size());
    }

    /** Returns when every broker has joined and no partition has fewer replicas in sync than it should. */
    public void awaitWhole() throws Exception {
        Await.answer("Kafka to be whole", SERVES_WITHIN, () -> isWhole() ? Optional.of(true) : Optional.empty());
    }

    void startAll() throws IOException {
        for (Broker broker : brokers) {
            start(broker);
        }
    }

    void startMissing() throws Exception {
        for (Broker broker : brokers) {
            if (!broker.isAlive()) {
                start(broker);
            }
        }
        awaitWhole();
    }

    void awaitAndMakeTopics() throws Exception {
        Await.answer("Kafka", SERVES_WITHIN, () -> isServing() ? Optional.of(true) : Optional.empty());
        try (Admin admin = admin()) {
            admin.createTopics(Topics.ALL.stream().map(this::topic).toList()).all().get(60, TimeUnit.SECONDS);
        }
    }

    void close() throws IOException {
        for (Broker broker : brokers) {
            broker.close();
        }
    }

    private NewTopic topic(TopicSettings topic) {
        boolean replicated = brokers.size() > 1;
        int partitions = topic.clusterPartitions() == 1 ? 1 : PARTITIONS;
        return new NewTopic(topic.name(), partitions, (short) brokers.size())
                .configs(replicated ? topic.clusterConfig() : topic.standaloneConfig());
    }

    private Admin admin() {
        return Admin.create(Map.of("bootstrap.servers", bootstrap(), "default.api.timeout.ms", 5_000, "request.timeout.ms", 3_000));
    }

    private boolean isServing() throws InterruptedException {
        try (Admin admin = admin()) {
            return admin.describeCluster().nodes().get(5, TimeUnit.SECONDS).size() == brokers.size();
        } catch (ExecutionException | TimeoutException e) {
            return false;
        }
    }

    private boolean isWhole() throws InterruptedException {
        try (Admin admin = admin()) {
            Collection<String> names = Topics.ALL.stream().map(TopicSettings::name).toList();
            return admin.describeTopics(names).allTopicNames().get(5, TimeUnit.SECONDS).values().stream()
                    .flatMap(topic -> topic.partitions().stream())
                    .allMatch(partition -> partition.isr().size() == brokers.size() && partition.leader() != null);
        } catch (ExecutionException | TimeoutException e) {
            return false;
        }
    }
}
