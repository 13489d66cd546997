package org.postbus.systemtest.faults.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.postbus.protocol.tls.TestCertificate;
import org.postbus.systemtest.AdminApi;
import org.postbus.systemtest.Await;

/** A whole Postbus of processes on this machine, each of which can be killed alone, joined by links that can be cut. */
public final class Cluster implements AutoCloseable {

    private static final int STARTS_AT_MOST = 5;
    private static final Duration READY_WITHIN = Duration.ofSeconds(180);

    private final Plan plan;
    private final KafkaCluster kafka;
    private final PostgresServer postgres;
    private final Map<Kind, List<Replica>> replicas = new EnumMap<>(Kind.class);
    private final Map<Kind, Integer> made = new EnumMap<>(Kind.class);
    private final Set<Replica> withdrawn = new HashSet<>();
    private final Map<Kind, Link> fronts = new EnumMap<>(Kind.class);
    private final Link submissions;
    private final StubFilter filter;
    private final List<SmallDisk> disks = new ArrayList<>();
    private Map<String, String> settings;

    private Cluster(Plan plan) throws IOException {
        this.plan = plan;
        Files.createDirectories(plan.folder().resolve("markers"));
        if (plan.diskMegabytes() > 0) {
            disks.add(SmallDisk.mount(plan.folder().resolve("kafka-disk"), plan.diskMegabytes()));
            disks.add(SmallDisk.mount(plan.folder().resolve("postgres-disk"), plan.diskMegabytes()));
        }
        boolean own = !disks.isEmpty();
        this.kafka = new KafkaCluster(plan.brokers(), plan.folder(), own ? kafkaDisk().folder() : plan.folder());
        this.postgres = new PostgresServer((own ? postgresDisk().folder() : plan.folder()).resolve("postgres"));
        this.filter = new StubFilter();
        this.submissions = new Link("submitting clients to smtp-gateway", List.of());
        for (Kind kind : Kind.values()) {
            fronts.put(kind, new Link("clients to " + kind.service(), List.of()));
        }
    }

    /** Starts everything and waits until every service is ready. */
    public static Cluster start(Plan plan) throws Exception {
        Cluster cluster = new Cluster(plan);
        try {
            cluster.kafka.startAll();
            cluster.postgres.start();
            cluster.kafka.awaitAndMakeTopics();
            cluster.settings = cluster.connections();
            // In waves, so that they do not starve one another at their dearest moment.
            for (int n = 0; n < plan.replicas(); n++) {
                for (Kind kind : Kind.values()) {
                    cluster.add(kind).start();
                }
                cluster.awaitReady();
            }
            return cluster;
        } catch (Exception | AssertionError e) {
            cluster.close();
            throw e;
        }
    }

    public KafkaCluster kafka() {
        return kafka;
    }

    public PostgresServer postgres() {
        return postgres;
    }

    /** Where the plan has such disks. */
    public SmallDisk kafkaDisk() {
        return disks.getFirst();
    }

    public SmallDisk postgresDisk() {
        return disks.getLast();
    }

    public Path folder() {
        return plan.folder();
    }

    /** Whether clients may send to elsewhere. */
    public boolean relays() {
        return plan.relays();
    }

    public synchronized List<Replica> replicas(Kind kind) {
        return replicas.getOrDefault(kind, List.of());
    }

    public synchronized List<Replica> replicas() {
        return replicas.values().stream().flatMap(List::stream).collect(Collectors.toList());
    }

    /** What clients of a kind of service connect to; of mailbox-service, REST and the internal API that pop3-gateway asks. */
    public Link front(Kind kind) {
        return fronts.get(kind);
    }

    /** What clients connect to that log in to send, under TLS. */
    public Link submissions() {
        return submissions;
    }

    /** Every link that there is. */
    public List<Link> links() {
        List<Link> links = new ArrayList<>(fronts.values());
        // Only people ask there, and only while nothing is broken.
        links.remove(front(Kind.DELIVERY));
        links.add(submissions);
        links.add(postgres.link(Kind.DELIVERY));
        links.add(postgres.link(Kind.MAILBOX));
        for (Broker broker : kafka.brokers()) {
            for (Kind kind : Kind.values()) {
                links.add(broker.link(kind));
            }
        }
        return links;
    }

    public AdminApi admin() {
        return new AdminApi(replicas(Kind.MAILBOX).getFirst().httpPort(), adminToken());
    }

    /** The file with the token of the REST API. */
    public Path adminToken() {
        return plan.folder().resolve("admin-token");
    }

    /** One replica more, not started. */
    public synchronized Replica add(Kind kind) {
        Replica replica = make(kind);
        target(kind);
        return replica;
    }

    /** The same, and no new connection goes to it before it is {@linkplain #offer offered}. */
    public synchronized Replica addWithdrawn(Kind kind) {
        Replica replica = make(kind);
        withdraw(replica);
        return replica;
    }

    /** From now on new connections go to it too, as a Service of Kubernetes does with a pod that is ready. */
    public synchronized void offer(Replica replica) {
        withdrawn.remove(replica);
        target(replica.kind());
    }

    /** From now on no new connection goes to it; those that are open stay, as with a pod that is to end. */
    public synchronized void withdraw(Replica replica) {
        withdrawn.add(replica);
        target(replica.kind());
    }

    /** Forgets a replica, which must have ended. */
    public synchronized void remove(Replica replica) {
        List<Replica> all = new ArrayList<>(replicas(replica.kind()));
        all.remove(replica);
        withdrawn.remove(replica);
        replicas.put(replica.kind(), all);
        target(replica.kind());
    }

    private Replica make(Kind kind) {
        List<Replica> all = new ArrayList<>(replicas(kind));
        // No name is given twice: one that ends may overlap with one that begins.
        Replica replica = new Replica(kind, made.merge(kind, 1, Integer::sum) - 1, settingsOf(kind), plan);
        all.add(replica);
        replicas.put(kind, all);
        return replica;
    }

    /** Starts whatever does not run, undoes whatever is wrong with a link, and waits until all is ready. */
    public void heal() throws Exception {
        List.copyOf(withdrawn).forEach(this::offer);
        for (Link link : links()) {
            link.set(Link.State.OPEN);
            link.delay(Duration.ZERO);
            link.cutCommits(0);
        }
        for (SmallDisk disk : disks) {
            disk.free();
        }
        kafka.startMissing();
        awaitReady();
    }

    /** As a cluster does, starts again what ended: a service whose database is away when it starts gives up. */
    private void awaitReady() throws Exception {
        Map<Replica, Integer> starts = new HashMap<>();
        Await.answer("every service to be ready, see the logs in " + plan.folder(), READY_WITHIN, () -> {
            boolean ready = true;
            for (Replica replica : replicas()) {
                if (!replica.isAlive()) {
                    if (starts.merge(replica, 1, Integer::sum) > STARTS_AT_MOST) {
                        throw new AssertionError(replica.name() + " ends again and again, see the logs in " + plan.folder());
                    }
                    replica.start();
                }
                ready &= replica.isReady();
            }
            return ready ? Optional.of(true) : Optional.empty();
        });
    }

    @Override
    public void close() throws IOException {
        replicas().forEach(Replica::kill);
        kafka.close();
        postgres.close();
        for (Link link : fronts.values()) {
            link.close();
        }
        submissions.close();
        filter.close();
        for (SmallDisk disk : disks) {
            disk.close();
        }
    }

    private void target(Kind kind) {
        List<Replica> serving = replicas(kind).stream().filter(replica -> !withdrawn.contains(replica)).toList();
        boolean http = kind == Kind.MAILBOX || kind == Kind.DELIVERY;
        fronts.get(kind).target(serving.stream().map(http ? Replica::httpPort : Replica::port).toList());
        if (kind == Kind.SMTP) {
            submissions.target(serving.stream().map(Replica::submissionsPort).toList());
        }
    }

    private Map<String, String> connections() throws IOException {
        Files.writeString(plan.folder().resolve("admin-token"), "admin-" + UUID.randomUUID());
        Files.writeString(plan.folder().resolve("internal-token"), "internal-" + UUID.randomUUID());
        Map<String, String> all = new HashMap<>(postgres.settings());
        all.put("postbus.events.replicas", String.valueOf(plan.brokers()));
        all.put("postbus.hostname", "faults.test");
        all.put("postbus.admin-token-file", plan.folder().resolve("admin-token").toString());
        all.put("postbus.internal-token-file", plan.folder().resolve("internal-token").toString());
        all.put("postbus.internal-url", "http://127.0.0.1:" + fronts.get(Kind.MAILBOX).port());
        all.put("quarkus.log.console.json.enabled", "false");
        TestCertificate certificate = TestCertificate.make(plan.folder(), "faults.test");
        all.put("quarkus.tls.postbus.key-store.p12.path", certificate.store().toString());
        all.put("quarkus.tls.postbus.key-store.p12.password", certificate.password());
        all.put("smtp.filter.url", filter.url());
        all.put("smtp.host", "127.0.0.1");
        all.put("pop3.host", "127.0.0.1");
        all.putAll(plan.settings());
        return all;
    }

    /** Of one kind of service: its own links to the brokers. */
    Map<String, String> settingsOf(Kind kind) {
        Map<String, String> own = new HashMap<>(settings);
        own.keySet().removeIf(key -> key.startsWith("delivery.") && kind != Kind.DELIVERY);
        own.put("kafka.bootstrap.servers", kafka.bootstrap(kind));
        return own;
    }
}
