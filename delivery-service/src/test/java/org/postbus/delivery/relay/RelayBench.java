package org.postbus.delivery.relay;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.configuration.DurationConverter;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.runtime.configuration.MemorySizeConverter;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.postbus.delivery.DeliveryConfig;
import org.postbus.delivery.Fixtures;
import org.postbus.delivery.dns.Dns;
import org.postbus.delivery.dns.ImpatientDns;
import org.postbus.delivery.dsn.Report;
import org.postbus.delivery.nexthop.NextHops;
import org.postbus.delivery.queue.Enqueuing;
import org.postbus.delivery.queue.Octets;
import org.postbus.delivery.queue.Outbox;
import org.postbus.delivery.queue.QueuedMail;
import org.postbus.delivery.queue.QueuedRecipient;
import org.postbus.delivery.queue.RetryTimes;
import org.postbus.delivery.tlspolicy.CertificateCheck;
import org.postbus.delivery.tlspolicy.MemoryPolicyStore;
import org.postbus.delivery.tlspolicy.PolicyStore;
import org.postbus.delivery.tlspolicy.StsReports;
import org.postbus.delivery.tlspolicy.TlsPolicy;
import org.postbus.embedded.EmbeddedServers;
import org.postbus.events.Envelope;
import org.postbus.events.MailIds;
import org.postbus.events.TrailEvent;
import org.postgresql.ds.PGSimpleDataSource;

/** A relay over a real queue in PostgreSQL, with settings of the test and a clock that the test turns. */
public final class RelayBench implements AutoCloseable {

    private static final List<String> MIGRATIONS = List.of("V1__positions_and_routes", "V2__outbound_queue", "V5__retry_asked_for");

    private final PGSimpleDataSource dataSource = new PGSimpleDataSource();
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-06-01T12:00:00Z"));
    private final Vertx vertx = Vertx.vertx();
    private final MeterRegistry meters = new SimpleMeterRegistry();
    private final PolicyStore policies = new MemoryPolicyStore();
    private final Function<TlsPolicy, CertificateCheck> checks;
    private final List<Outbox.Item> published = new ArrayList<>();
    private final DeliveryConfig config;
    private final RetryTimes times;
    private Relay relay;

    /** @param settings without the prefix {@code delivery.} */
    public RelayBench(Map<String, String> settings) {
        this(settings, CertificateCheck::new);
    }

    /** @param checks makes what judges the certificates of remotes */
    public RelayBench(Map<String, String> settings, Function<TlsPolicy, CertificateCheck> checks) {
        this.checks = checks;
        EmbeddedServers.Database database = EmbeddedServers.forTests().freshDatabase();
        dataSource.setUrl(database.jdbcUrl());
        dataSource.setUser(database.user());
        dataSource.setPassword(database.password());
        MIGRATIONS.forEach(this::migrate);
        config = config(settings);
        times = new RetryTimes(config.retry().first(), config.retry().most(), config.retry().quick(), config.retry().expiry(),
                config.retry().notice(), new Random(1));
        relay = Relay.of(dataSource, new RelaySettings("mx.example.org", "", config, times), connecting("mx.example.org"),
                RelayBench::unsigned, clock(), meters);
    }

    public static DeliveryConfig config(Map<String, String> settings) {
        Map<String, String> named = new HashMap<>(Map.of("delivery.mta-sts.enabled", "false"));
        settings.forEach((name, value) -> named.put("delivery." + name, value));
        return new SmallRyeConfigBuilder().withMapping(DeliveryConfig.class).withValidateUnknown(true)
                .withConverter(MemorySize.class, 100, new MemorySizeConverter())
                .withConverter(Duration.class, 100, new DurationConverter())
                .withSources(new PropertiesConfigSource(named, "test", 100)).build().getConfigMapping(DeliveryConfig.class);
    }

    /** Of another process on the same queue, with a hostname and an instance name of its own. */
    public Relay anotherInstance(String name) {
        return Relay.of(dataSource, new RelaySettings(name, name, config, times), connecting(name), RelayBench::unsigned, clock(),
                new SimpleMeterRegistry());
    }

    private Connecting connecting(String hostname) {
        Dns dns = ImpatientDns.of(config.dns().servers());
        return new Connecting(NextHops.of(config, hostname, dns, vertx, policies, meters), new StsReports(meters), hostname,
                config.relay(), checks);
    }

    private static String unsigned(Envelope envelope, byte[] headerSection, Signer.BodyReader body) {
        return "";
    }

    /** Of the relay under test. */
    public MeterRegistry meters() {
        return meters;
    }

    /** The MTA-STS policies that are known. */
    public PolicyStore policies() {
        return policies;
    }

    public Relay relay() {
        return relay;
    }

    public RelayBench start() throws SQLException {
        relay.start();
        return this;
    }

    public InstantSource clock() {
        return now::get;
    }

    /** Turns the clock, and what has become due is claimed. */
    public void pass(Duration time) {
        now.updateAndGet(before -> before.plus(time));
        relay.wake();
    }

    /** Waits until whatever is due has been attempted, and what came of it stands in the queue. */
    public void settled() throws Exception {
        Await.until(() -> count("select count(*) from recipient where claimed_by is not null or next_attempt_at <= '" + now() + "'") == 0);
    }

    public Instant now() {
        return now.get();
    }

    public PGSimpleDataSource dataSource() {
        return dataSource;
    }

    /** Puts a mail into the queue for whoever comes first. */
    public UUID enqueue(Envelope envelope, byte[] data, String... recipients) throws SQLException {
        List<QueuedRecipient> queued = new ArrayList<>();
        for (String recipient : recipients) {
            queued.add(new QueuedRecipient(envelope.mailId(), queued.size(), recipient, recipient, envelope.reversePath(),
                    recipient.substring(recipient.lastIndexOf('@') + 1), now(), now().plus(config.retry().expiry()), 0, false));
        }
        Enqueuing enqueuing = new Enqueuing();
        enqueuing.add(new Enqueuing.Arrived(new QueuedMail(envelope, data.length, 1, Octets.eightBit(data)), data, queued,
                Optional.empty()));
        try (Connection connection = dataSource.getConnection()) {
            enqueuing.write(connection);
        }
        relay.wake();
        return envelope.mailId();
    }

    /** Puts a mail for each of so many recipients into the queue, all at once: {@code bob0@domain} and so on. */
    public void enqueueEach(String reversePath, int count, String domain) throws SQLException {
        Enqueuing enqueuing = new Enqueuing();
        byte[] data = Fixtures.octets("Subject: hi\r\n\r\nhi\r\n");
        for (int i = 0; i < count; i++) {
            String recipient = "bob" + i + "@" + domain;
            UUID mailId = MailIds.mint();
            enqueuing.add(new Enqueuing.Arrived(new QueuedMail(Fixtures.envelope(mailId, reversePath, recipient), data.length, 1, false),
                    data, List.of(new QueuedRecipient(mailId, 0, recipient, recipient, reversePath, domain, now(),
                            now().plus(config.retry().expiry()), 0, false)), Optional.empty()));
        }
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            enqueuing.write(connection);
            connection.commit();
        }
        relay.wake();
    }

    public UUID enqueue(String reversePath, String... recipients) throws SQLException {
        UUID mailId = MailIds.mint();
        return enqueue(Fixtures.envelope(mailId, reversePath, recipients).relaying(true),
                Fixtures.octets("From: <" + reversePath + ">\r\nSubject: hi\r\n\r\nhi\r\n"), recipients);
    }

    /** What the outbox has had so far, taken out of it. */
    public List<Outbox.Item> published() throws Exception {
        while (new Outbox(dataSource).publish(100, published::addAll) > 0) {
            // More may be there.
        }
        return published;
    }

    public List<TrailEvent> trail() throws Exception {
        return published().stream().filter(Outbox.Item.Trail.class::isInstance).map(item -> ((Outbox.Item.Trail) item).event()).toList();
    }

    public List<Report> reports() throws Exception {
        return published().stream().filter(Outbox.Item.Notice.class::isInstance).map(item -> ((Outbox.Item.Notice) item).report()).toList();
    }

    public long count(String sql) throws SQLException {
        try (Connection connection = dataSource.getConnection(); Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }

    public List<String> texts(String sql) throws SQLException {
        List<String> texts = new ArrayList<>();
        try (Connection connection = dataSource.getConnection(); Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            while (row.next()) {
                texts.add(row.getString(1));
            }
        }
        return texts;
    }

    public void execute(String sql) throws SQLException {
        try (Connection connection = dataSource.getConnection(); Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Recipients in the queue. */
    public long queued() throws SQLException {
        return count("select count(*) from recipient");
    }

    private void migrate(String name) {
        try (var migration = RelayBench.class.getResourceAsStream("/db/delivery/migration/" + name + ".sql");
                Connection connection = dataSource.getConnection(); Statement statement = connection.createStatement()) {
            statement.execute(new String(migration.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException | SQLException e) {
            throw new IllegalStateException(name, e);
        }
    }

    @Override
    public void close() throws Exception {
        relay.close();
        vertx.close();
    }
}
