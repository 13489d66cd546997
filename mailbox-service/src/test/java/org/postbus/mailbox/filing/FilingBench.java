package org.postbus.mailbox.filing;

import io.agroal.api.AgroalDataSource;
import io.agroal.api.configuration.supplier.AgroalDataSourceConfigurationSupplier;
import io.agroal.api.security.NamePrincipal;
import io.agroal.api.security.SimplePassword;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.flywaydb.core.Flyway;
import org.postbus.consumer.EventProducer;
import org.postbus.consumer.Pace;
import org.postbus.consumer.PollLoop;
import org.postbus.consumer.Subscription;
import org.postbus.embedded.EmbeddedServers;
import org.postbus.events.Envelope;
import org.postbus.events.MailCodec;
import org.postbus.events.MailIds;
import org.postbus.events.MailRecord;
import org.postbus.events.RoutedEnvelope;
import org.postbus.events.TopicCheck;
import org.postbus.events.Topics;
import org.postbus.mailbox.trail.TrailRecorder;

/**
 * How many mails filing takes a second, out of a real Kafka into a real PostgreSQL, both with fsync. Not a test: run
 * {@code main}, with the number of mails, the octets of each, the number of accounts, and {@code trail} to record the
 * trail at the same time.
 */
public final class FilingBench {

    private static final int DEFAULT_MAILS = 40_000;
    private static final int DEFAULT_OCTETS = 10_000;
    private static final int DEFAULT_ACCOUNTS = 1_000;

    private final EmbeddedServers servers = EmbeddedServers.forTests();
    private final Map<String, Object> kafka = Map.of("bootstrap.servers", servers.bootstrapServers());
    private final AgroalDataSource database;
    private final List<UUID> accounts = new ArrayList<>();

    private FilingBench() throws SQLException {
        EmbeddedServers.Database fresh = servers.freshDatabase();
        String url = fresh.jdbcUrl() + (fresh.jdbcUrl().contains("?") ? "&" : "?") + "currentSchema=mailbox";
        Flyway.configure().dataSource(fresh.jdbcUrl(), fresh.user(), fresh.password()).schemas("mailbox")
                .locations("db/mailbox/migration").load().migrate();
        database = AgroalDataSource.from(new AgroalDataSourceConfigurationSupplier().connectionPoolConfiguration(pool ->
                pool.maxSize(10).connectionFactoryConfiguration(connection -> connection.jdbcUrl(url)
                        .principal(new NamePrincipal(fresh.user())).credential(new SimplePassword(fresh.password())))));
    }

    public static void main(String[] arguments) throws Exception {
        int mails = arguments.length > 0 ? Integer.parseInt(arguments[0]) : DEFAULT_MAILS;
        int octets = arguments.length > 1 ? Integer.parseInt(arguments[1]) : DEFAULT_OCTETS;
        int accounts = arguments.length > 2 ? Integer.parseInt(arguments[2]) : DEFAULT_ACCOUNTS;
        boolean trail = List.of(arguments).contains("trail");
        FilingBench bench = new FilingBench();
        bench.prepare(accounts);
        bench.run(mails / 4, octets, trail, "warm-up");
        bench.run(mails, octets, trail, "measured");
        System.exit(0);
    }

    private void prepare(int count) throws Exception {
        try (Admin admin = Admin.create(kafka)) {
            TopicCheck.createStandalone(admin);
        }
        try (Connection connection = database.getConnection(); Statement statement = connection.createStatement();
                PreparedStatement account = connection.prepareStatement("insert into account "
                        + "(id, address, domain, password_hash, version) values (?, ?, 'bench.test', 'x', 1)")) {
            statement.execute("insert into domain (name, version) values ('bench.test', 1)");
            for (int i = 0; i < count; i++) {
                UUID id = MailIds.mint();
                accounts.add(id);
                account.setObject(1, id);
                account.setString(2, "user" + i + "@bench.test");
                account.addBatch();
            }
            account.executeBatch();
        }
    }

    private void run(int mails, int octets, boolean trail, String what) throws SQLException {
        try (EventProducer producer = new EventProducer("bench", kafka)) {
            produce(producer, mails, octets);
            long before = filed();
            long start = System.nanoTime();
            var filer = new MailFiler(producer, (connection, record) -> { }, () -> { },
                    new FilingMetrics(new SimpleMeterRegistry()));
            try (PollLoop filing = loop(Topics.MAIL_ROUTED, filer, producer);
                    PollLoop recording = trail ? loop(Topics.MAIL_TRAIL, new TrailRecorder(), producer) : null) {
                while (filed() < before + mails) {
                    LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
                }
            }
            double seconds = (System.nanoTime() - start) / 1e9;
            System.out.printf("%s: %d mails of %d octets in %.1f s: %.0f filed/s%s%n", what, mails, octets, seconds,
                    mails / seconds, trail ? ", trail recorded beside" : "");
        }
    }

    private PollLoop loop(String topic, org.postbus.consumer.BatchHandler handler, EventProducer producer) {
        return new PollLoop(new Subscription("mailbox", topic, kafka, Pace.PROMPT), database, handler, producer,
                new SimpleMeterRegistry()).start();
    }

    private void produce(EventProducer producer, int mails, int octets) {
        byte[] data = ("Subject: bench\r\nFrom: a@bench.test\r\n\r\n" + "x".repeat(74).concat("\r\n").repeat(octets / 76))
                .getBytes(StandardCharsets.US_ASCII);
        int partitions = producer.partitions(Topics.MAIL_ROUTED);
        List<java.util.concurrent.Future<org.apache.kafka.clients.producer.RecordMetadata>> sends = new ArrayList<>();
        for (int i = 0; i < mails; i++) {
            RoutedEnvelope envelope = envelope(accounts.get(i % accounts.size()), i % accounts.size());
            UUID mailId = envelope.accepted().mailId();
            sends.add(producer.send(MailCodec.ROUTED.encode(new MailRecord.Whole<>(mailId, envelope, data), "bench",
                    Topics.partition(mailId.toString(), partitions))));
        }
        EventProducer.awaitAll(sends, Duration.ofMinutes(5));
    }

    private static RoutedEnvelope envelope(UUID account, int user) {
        String recipient = "user" + user + "@bench.test";
        String traceFields = "Received: from client.test ([192.0.2.1])\r\n\tby mail.bench.test with ESMTP id x;\r\n"
                + "\tMon, 23 Nov 2026 12:00:00 +0000\r\n";
        Envelope accepted = new Envelope(MailIds.mint(), "sender@bench.test", List.of(recipient), "7BIT",
                new Envelope.Client("192.0.2.1", "client.test"), "ESMTP", "mail.bench.test", Instant.now(), 0, traceFields);
        return new RoutedEnvelope(accepted, List.of(new RoutedEnvelope.LocalDelivery(account, recipient, recipient)), List.of());
    }

    private long filed() throws SQLException {
        try (Connection connection = database.getConnection(); Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select sum(message_count) from account")) {
            row.next();
            return row.getLong(1);
        }
    }
}
