package org.postbus.mailbox.directory;

import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.postbus.events.directory.DirectoryChange;

/**
 * Records that reach Kafka if and only if the transaction that added them was committed: rows of the table
 * {@code outbox}, sent in the order of their ids by {@link OutboxRound}.
 *
 * <p>A record may be sent more than once; its headers, with the event's id, are the same each time.
 */
@ApplicationScoped
public class Outbox {

    private static final String ADD = """
            insert into outbox (id, topic, key, header_names, header_values, value) values (?, ?, ?, ?, ?, ?)""";
    private static final String OLDEST = """
            select id, topic, key, header_names, header_values, value from outbox order by id limit ?""";
    /** The id of a change is its version, but for what {@link LostDirectory} puts around them. */
    private static final String CHANGES = """
            select id, convert_from(key, 'UTF8') from outbox where topic = 'mail.directory'""";

    /**
     * A row.
     *
     * @param record without a partition: it follows from the key when the record is sent
     */
    record Row(long id, ProducerRecord<byte[], byte[]> record) {
    }

    /** The next id. It is never used twice; a transaction that fails leaves a gap. */
    public long nextId(Connection connection) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("select nextval('outbox_id')");
                ResultSet result = query.executeQuery()) {
            result.next();
            return result.getLong(1);
        }
    }

    /** Adds a record within the connection's transaction. After its commit call {@link OutboxPublisher#wake()}. */
    public long add(Connection connection, ProducerRecord<byte[], byte[]> record) throws SQLException {
        long id = nextId(connection);
        add(connection, id, record);
        return id;
    }

    /** Adds a record under an id that {@link #nextId} gave. */
    void add(Connection connection, long id, ProducerRecord<byte[], byte[]> record) throws SQLException {
        List<String> names = new ArrayList<>();
        List<byte[]> values = new ArrayList<>();
        for (Header header : record.headers()) {
            names.add(header.key());
            values.add(header.value());
        }
        try (PreparedStatement insert = connection.prepareStatement(ADD)) {
            insert.setLong(1, id);
            insert.setString(2, record.topic());
            insert.setBytes(3, record.key());
            insert.setArray(4, connection.createArrayOf("text", names.toArray()));
            insert.setArray(5, connection.createArrayOf("bytea", values.toArray(byte[][]::new)));
            insert.setBytes(6, record.value());
            insert.executeUpdate();
        }
    }

    /** The oldest rows that are committed. */
    List<Row> oldest(Connection connection, int limit) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(OLDEST)) {
            query.setInt(1, limit);
            try (ResultSet result = query.executeQuery()) {
                List<Row> rows = new ArrayList<>();
                while (result.next()) {
                    rows.add(row(result));
                }
                return rows;
            }
        }
    }

    /** Forgets rows that Kafka has acknowledged. */
    void remove(Connection connection, Collection<Long> ids) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement("delete from outbox where id = any (?)")) {
            delete.setArray(1, connection.createArrayOf("bigint", ids.toArray()));
            delete.executeUpdate();
        }
    }

    /**
     * Forgets changes of the directory that are on the event log already, or of whose key it has a newer one: sent behind that, the older
     * would be what compaction keeps.
     *
     * @param published the last version of each key
     */
    void removeSuperseded(Connection connection, Map<String, Long> published) throws SQLException {
        List<Long> superseded = new ArrayList<>();
        try (PreparedStatement query = connection.prepareStatement(CHANGES); ResultSet row = query.executeQuery()) {
            while (row.next()) {
                boolean isChange = !row.getString(2).equals(DirectoryChange.Rebuilding.KEY);
                if (isChange && row.getLong(1) <= published.getOrDefault(row.getString(2), -1L)) {
                    superseded.add(row.getLong(1));
                }
            }
        }
        remove(connection, superseded);
    }

    /** Whether a record that was added and committed still waits. */
    boolean waits(Connection connection, long id) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("select 1 from outbox where id = ?")) {
            query.setLong(1, id);
            try (ResultSet result = query.executeQuery()) {
                return result.next();
            }
        }
    }

    long count(Connection connection) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("select count(*) from outbox");
                ResultSet result = query.executeQuery()) {
            result.next();
            return result.getLong(1);
        }
    }

    private static Row row(ResultSet result) throws SQLException {
        Array names = result.getArray(4);
        Array values = result.getArray(5);
        RecordHeaders headers = new RecordHeaders();
        String[] name = (String[]) names.getArray();
        byte[][] value = (byte[][]) values.getArray();
        for (int i = 0; i < name.length; i++) {
            headers.add(name[i], value[i]);
        }
        return new Row(result.getLong(1), new ProducerRecord<>(result.getString(2), null, result.getBytes(3),
                result.getBytes(6), headers));
    }

    /** The key as text, by which the partition is chosen. */
    static String key(ProducerRecord<byte[], byte[]> record) {
        return new String(record.key(), StandardCharsets.UTF_8);
    }
}
