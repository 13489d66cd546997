package org.postbus.delivery.queue;

import io.agroal.api.AgroalDataSource;
import io.agroal.api.configuration.supplier.AgroalDataSourceConfigurationSupplier;
import io.agroal.api.security.NamePrincipal;
import io.agroal.api.security.SimplePassword;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.UUID;
import java.util.stream.IntStream;
import org.flywaydb.core.Flyway;
import org.postbus.delivery.Fixtures;
import org.postbus.embedded.EmbeddedServers;
import org.postbus.events.Envelope;
import org.postbus.events.MailIds;

/** A queue of its own for a test, that nobody attempts anything of. */
public final class QueueDatabase implements AutoCloseable {

    private static final Duration EXPIRY = Duration.ofDays(5);
    private static final byte[] DATA = Fixtures.octets("Subject: hi\r\n\r\nhi\r\n");

    private static final String INITIAL_SQL = "quarkus.datasource.delivery.jdbc.new-connection-sql";
    private static final int CONNECTIONS = 8;

    private final AgroalDataSource dataSource;

    public QueueDatabase() throws SQLException {
        this(CONNECTIONS);
    }

    QueueDatabase(int connections) throws SQLException {
        EmbeddedServers.Database fresh = EmbeddedServers.forTests().freshDatabase();
        String url = fresh.jdbcUrl() + (fresh.jdbcUrl().contains("?") ? "&" : "?") + "currentSchema=delivery";
        Flyway.configure().dataSource(fresh.jdbcUrl(), fresh.user(), fresh.password()).schemas("delivery")
                .locations("db/delivery/migration").load().migrate();
        dataSource = AgroalDataSource.from(new AgroalDataSourceConfigurationSupplier().connectionPoolConfiguration(pool ->
                pool.maxSize(connections).connectionFactoryConfiguration(connection -> connection.jdbcUrl(url).initialSql(initialSql())
                        .principal(new NamePrincipal(fresh.user())).credential(new SimplePassword(fresh.password())))));
    }

    /** What the service tells its connections. */
    static String initialSql() {
        try {
            for (URL url : Collections.list(QueueDatabase.class.getClassLoader().getResources("application.properties"))) {
                Properties properties = new Properties();
                try (InputStream file = url.openStream()) {
                    properties.load(file);
                }
                if (properties.containsKey(INITIAL_SQL)) {
                    return properties.getProperty(INITIAL_SQL);
                }
            }
            throw new AssertionError(INITIAL_SQL + " is not set");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public AgroalDataSource dataSource() {
        return dataSource;
    }

    /** A mail for these, accepted and due then: the order of mails is that of their times. */
    public static Enqueuing.Arrived mail(String reversePath, Instant due, String... recipients) {
        UUID mailId = MailIds.derived(UUID.randomUUID(), "mail", due);
        Envelope envelope = Fixtures.envelope(mailId, reversePath, recipients);
        return new Enqueuing.Arrived(new QueuedMail(envelope, DATA.length, 1, false), DATA,
                recipients(mailId, reversePath, due, recipients), Optional.empty());
    }

    public static List<QueuedRecipient> recipients(UUID mailId, String reversePath, Instant due, String... recipients) {
        return IntStream.range(0, recipients.length).mapToObj(n -> new QueuedRecipient(mailId, n, recipients[n], recipients[n],
                reversePath, recipients[n].substring(recipients[n].indexOf('@') + 1), due, due.plus(EXPIRY), 0, false)).toList();
    }

    public static void enqueue(Connection connection, List<Enqueuing.Arrived> mails) throws SQLException {
        Enqueuing enqueuing = new Enqueuing();
        mails.forEach(enqueuing::add);
        enqueuing.write(connection);
    }

    public UUID enqueue(String reversePath, Instant due, String... recipients) throws SQLException {
        Enqueuing.Arrived mail = mail(reversePath, due, recipients);
        enqueue(List.of(mail));
        return mail.mail().mailId();
    }

    public void enqueue(List<Enqueuing.Arrived> mails) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            enqueue(connection, mails);
        }
    }

    /** A large mail of which one chunk has come. */
    public UUID arriving(String reversePath, Instant at, String... recipients) throws SQLException {
        UUID mailId = MailIds.derived(UUID.randomUUID(), "mail", at);
        try (Connection connection = dataSource.getConnection()) {
            new ArrivingMails(connection).open(Fixtures.envelope(mailId, reversePath, recipients), DATA,
                    recipients(mailId, reversePath, at, recipients));
        }
        return mailId;
    }

    /** What an attempt leaves that a remote put off. */
    public void delayed(UUID mailId, Instant at, Instant next, String status, String reply) throws Exception {
        Claims.Claimed claimed = new Claims(dataSource).claim(UUID.randomUUID(), at, 10_000);
        List<Outcome> outcomes = claimed.recipients().stream().filter(one -> one.mailId().equals(mailId))
                .map(one -> new Outcome(claimed.claim(), one, new Outcome.Delayed(next, true, false),
                        Outcome.Word.own(status, reply))).toList();
        new Outcomes(dataSource).record(List.of(new Attempt(claimed.mails().get(mailId), outcomes, at, Optional.empty(), "")));
        new Claims(dataSource).giveBack(claimed.claim(), claimed.recipients().stream().map(Claims.Name::of).toList());
        execute("DELETE FROM outbox");
    }

    /** Takes what the outbox holds. */
    public List<Outbox.Item> told() throws Exception {
        List<Outbox.Item> told = new ArrayList<>();
        new Outbox(dataSource).publish(1_000_000, told::addAll);
        return told;
    }

    /** One value. */
    public String value(String sql) throws SQLException {
        try (Connection connection = dataSource.getConnection(); Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return String.valueOf(row.getString(1));
        }
    }

    public void execute(String sql) throws SQLException {
        try (Connection connection = dataSource.getConnection(); Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public void close() {
        dataSource.close();
    }
}
