package org.postbus.delivery.queue;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.jboss.logging.Logger;
import org.postbus.delivery.dsn.Report;
import org.postbus.delivery.dsn.ReportedRecipient;
import org.postbus.events.ContractViolation;
import org.postbus.events.EventJson;
import org.postbus.events.FactCodec;
import org.postbus.events.MailCodec;
import org.postbus.events.TrailEvent;

/** What recorded outcomes make known, kept in their transaction until the event log has it. */
public final class Outbox {

    private static final Logger LOG = Logger.getLogger(Outbox.class);

    private static final String TRAIL = "INSERT INTO outbox (trail) SELECT unnest(?::bytea[])";
    private static final String NOTICE = """
            INSERT INTO outbox (notification, told_at, recipients, mail_id, envelope, header_section, mail)
            VALUES (?, ?, ?, ?, ?, ?, ?)""";
    private static final String READ = """
            SELECT id, trail, notification, told_at, recipients, mail_id, envelope, header_section, mail
            FROM outbox ORDER BY id LIMIT ? FOR UPDATE SKIP LOCKED""";
    /** Octets of notifications that are in memory at a time; one is taken in any case. */
    private static final long MAX_OCTETS = 4L * 1024 * 1024;
    private static final int ROWS_AT_A_TIME = 20;
    private static final String DELETE = "DELETE FROM outbox WHERE id = ANY (?)";

    private final DataSource dataSource;

    /** One thing to make known. */
    public sealed interface Item {

        record Trail(TrailEvent event) implements Item {
        }

        record Notice(Report report) implements Item {
        }
    }

    /** Makes items known. */
    @FunctionalInterface
    public interface Taker {

        /** Returns when the event log has them. */
        void take(List<Item> items) throws ContractViolation;
    }

    public Outbox(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /**
     * Hands out the oldest items, and forgets them if the taker returns. What cannot be read is told to the log, and forgotten too:
     * it would be the oldest for ever.
     *
     * @return how many there were
     */
    public int publish(int limit, Taker taker) throws SQLException, ContractViolation {
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            try {
                List<Long> ids = new ArrayList<>();
                List<Item> items = new ArrayList<>();
                read(connection, limit, ids, items);
                if (!items.isEmpty()) {
                    taker.take(items);
                }
                if (!ids.isEmpty()) {
                    delete(connection, ids);
                }
                connection.commit();
                return ids.size();
            } finally {
                // Of a transaction that is committed already nothing is undone.
                connection.rollback();
                connection.setAutoCommit(true);
            }
        }
    }

    /** Called in the transaction of the outcomes, before the mails that have nobody left are removed. */
    static void write(Connection connection, List<Attempt> attempts) throws SQLException {
        List<byte[]> trail = new ArrayList<>();
        for (Attempt attempt : attempts) {
            Announcement announcement = new Announcement(attempt);
            announcement.trail().forEach(event -> trail.add(FactCodec.MAIL_TRAIL.json(event)));
            Optional<Report> report = announcement.report();
            if (report.isPresent()) {
                notice(connection, announcement.with(report.get(), first(connection, attempt)));
            }
        }
        if (!trail.isEmpty()) {
            try (PreparedStatement statement = connection.prepareStatement(TRAIL)) {
                statement.setArray(1, connection.createArrayOf("bytea", trail.toArray(byte[][]::new)));
                statement.executeUpdate();
            }
        }
    }

    private static byte[] first(Connection connection, Attempt attempt) throws SQLException {
        return attempt.first().isPresent() ? attempt.first().get()
                : Chunks.read(connection, attempt.mail().mailId(), 0).orElse(new byte[0]);
    }

    private static void notice(Connection connection, Report report) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(NOTICE)) {
            statement.setObject(1, report.notificationId());
            statement.setTimestamp(2, Timestamp.from(report.at()));
            statement.setBytes(3, EventJson.write(report.recipients()));
            statement.setObject(4, report.envelope().mailId());
            statement.setBytes(5, MailCodec.ACCEPTED.envelopeJson(report.envelope()));
            statement.setBytes(6, report.headerSection());
            statement.setBytes(7, report.mail().orElse(null));
            statement.executeUpdate();
        }
    }

    private static void read(Connection connection, int limit, List<Long> ids, List<Item> items) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(READ)) {
            statement.setInt(1, limit);
            statement.setFetchSize(ROWS_AT_A_TIME);
            long octets = 0;
            try (ResultSet row = statement.executeQuery()) {
                while (octets < MAX_OCTETS && row.next()) {
                    ids.add(row.getLong(1));
                    Optional<Item> item = item(row);
                    octets += item.map(Outbox::octets).orElse(0L);
                    item.ifPresent(items::add);
                }
            }
        }
    }

    private static Optional<Item> item(ResultSet row) throws SQLException {
        try {
            byte[] trail = row.getBytes(2);
            return Optional.of(trail != null ? new Item.Trail(FactCodec.MAIL_TRAIL.fromJson(trail)) : new Item.Notice(report(row)));
        } catch (ContractViolation | RuntimeException e) {
            LOG.errorf(e, "row %d of the outbox, about mail %s, cannot be read, and is dropped", row.getLong(1), row.getString(6));
            return Optional.empty();
        }
    }

    private static long octets(Item item) {
        return switch (item) {
            case Item.Trail _ -> 0;
            case Item.Notice(var report) -> report.headerSection().length + report.mail().map(mail -> mail.length).orElse(0);
        };
    }

    private static Report report(ResultSet row) throws SQLException, ContractViolation {
        return new Report(row.getObject(3, UUID.class), MailCodec.ACCEPTED.envelope(row.getBytes(7), row.getObject(6, UUID.class)),
                row.getTimestamp(4).toInstant(), Arrays.asList(EventJson.read(row.getBytes(5), ReportedRecipient[].class)),
                row.getBytes(8), Optional.ofNullable(row.getBytes(9)));
    }

    private static void delete(Connection connection, List<Long> ids) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(DELETE)) {
            statement.setArray(1, connection.createArrayOf("bigint", ids.toArray()));
            statement.executeUpdate();
        }
    }
}
