package org.postbus.mailbox;

import io.quarkus.arc.Unremovable;
import jakarta.inject.Singleton;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.postbus.consumer.BatchHandler;
import org.postbus.events.ContractViolation;
import org.postbus.events.MailIds;
import org.postbus.mailbox.content.ContentReader;
import org.postbus.mailbox.database.Database;

/** What tests of stored mail do and look at. */
@Singleton
@Unremovable
public class Maildrops {

    private static final Duration BOUND = Duration.ofSeconds(20);

    private final Database database;
    private final ContentReader reader;

    public Maildrops(Database database, ContentReader reader) {
        this.database = database;
        this.reader = reader;
    }

    /** A new account without a quota. */
    public UUID account() {
        UUID id = MailIds.mint();
        account(id);
        return id;
    }

    /** The account, where it is not there yet. Others may be missing for good from now on. */
    public void account(UUID id) {
        await("that the directory is compared with the event log", () -> number("select count(*) from directory_life") == 1);
        execute("insert into domain (name, version) values ('demo.test', nextval('outbox_id')) on conflict do nothing");
        execute("insert into account (id, address, domain, password_hash, version) values (?, ?, 'demo.test', 'x', nextval('outbox_id'))"
                + " on conflict do nothing", id, id + "@demo.test");
    }

    public UUID accountWithQuota(long octets) {
        UUID id = account();
        execute("update account set quota_bytes = ? where id = ?", octets, id);
        return id;
    }

    /** Applies the records in a transaction of their own, as a poll loop does. */
    public void apply(BatchHandler handler, List<ConsumerRecord<byte[], byte[]>> records) {
        database.transaction(connection -> {
            try {
                handler.apply(connection, records);
            } catch (ContractViolation e) {
                throw new IllegalStateException(e);
            }
            return true;
        });
        handler.committed(records);
    }

    /** The mail ids of a maildrop in listing order. */
    public List<UUID> listing(UUID account) {
        return database.query(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(
                    "select mail_id from entry where account_id = ? order by seq")) {
                statement.setObject(1, account);
                try (ResultSet row = statement.executeQuery()) {
                    List<UUID> mails = new ArrayList<>();
                    while (row.next()) {
                        mails.add(row.getObject(1, UUID.class));
                    }
                    return mails;
                }
            }
        });
    }

    /** A stored mail, as ISO 8859-1. */
    public String mail(UUID mailId) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            reader.copy(mailId, number("select octets from content where mail_id = ?", mailId), out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toString(StandardCharsets.ISO_8859_1);
    }

    /** Whether the sums of the account's row are those of its entries. */
    public boolean sumsAreRight(UUID account) {
        return number("""
                select count(*) from account a where id = ? and used_bytes =
                (select coalesce(sum(octets), 0) from entry where account_id = a.id) and message_count =
                (select count(*) from entry where account_id = a.id)""", account) == 1;
    }

    public long number(String sql, Object... parameters) {
        return database.query(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                bind(statement, parameters);
                try (ResultSet row = statement.executeQuery()) {
                    return row.next() ? row.getLong(1) : 0;
                }
            }
        });
    }

    public String text(String sql, Object... parameters) {
        return database.query(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                bind(statement, parameters);
                try (ResultSet row = statement.executeQuery()) {
                    row.next();
                    return row.getString(1);
                }
            }
        });
    }

    public void execute(String sql, Object... parameters) {
        database.query(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                bind(statement, parameters);
                return statement.executeUpdate();
            }
        });
    }

    /** Waits for what must happen soon. */
    public static void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + BOUND.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not within " + BOUND.toSeconds() + " s: " + what);
            }
            LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
        }
    }

    /** Mail failures that filing wants published. */
    public static final class CapturedOutbox {

        public final List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();

        public void add(java.sql.Connection connection, ProducerRecord<byte[], byte[]> record) {
            records.add(record);
        }
    }

    private static void bind(PreparedStatement statement, Object... parameters) throws java.sql.SQLException {
        for (int i = 0; i < parameters.length; i++) {
            statement.setObject(i + 1, parameters[i]);
        }
    }
}
