package org.postbus.mailbox.deadletter;

import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.postbus.consumer.EventProducer;
import org.postbus.events.Topics;
import org.postbus.mailbox.database.Database;
import org.postbus.mailbox.eventlog.EventLog;

/** Lists dead letters and brings them back to the topic that they came from. */
@Singleton
public class DeadLetters {

    /** Bears the dead letter's id, on a record that was brought back. */
    static final String REPLAYED = "replayed-dead-letter";

    private static final String COLUMNS = """
            select id, service, topic, partition, "offset", reason, buried_at, mail_id,
                   coalesce(octet_length(value), 0) as octets, cut_from is not null as cut, replayed_at
              from dead_letter
            """;
    private static final String LIST = COLUMNS + "where ?::text is null or (buried_at, id) < "
            + "(select buried_at, id from dead_letter where id = ?::uuid) order by buried_at desc, id desc limit ?";
    private static final String FIND = COLUMNS + "where id = ? for update";
    private static final String RECORD = "select key, value, header_names, header_values from dead_letter where id = ?";
    private static final String MARK = "update dead_letter set replayed_at = now() where id = ?";

    private final Database database;
    private final EventLog log;

    public DeadLetters(Database database, EventLog log) {
        this.database = database;
        this.log = log;
    }

    /** How a replay ended. */
    sealed interface Replay {
        /** The record is on its topic again. */
        record Done(DeadLetter letter) implements Replay {
        }

        /** It was there before. */
        record Already(Instant at) implements Replay {
        }

        /** Its value is not whole, or its topic is none of ours. */
        record Impossible() implements Replay {
        }

        /** There is no such dead letter. */
        record Unknown() implements Replay {
        }
    }

    /** The newest first. */
    List<DeadLetter> list(Optional<UUID> after, int limit) {
        return database.query(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(LIST)) {
                statement.setString(1, after.map(UUID::toString).orElse(null));
                statement.setString(2, after.map(UUID::toString).orElse(null));
                statement.setInt(3, limit);
                try (ResultSet row = statement.executeQuery()) {
                    List<DeadLetter> letters = new ArrayList<>();
                    while (row.next()) {
                        letters.add(letter(row));
                    }
                    return letters;
                }
            }
        });
    }

    /**
     * Produces the original record once more. Acknowledged before the mark is committed: a crash between the two lets
     * it be replayed again, which changes nothing.
     *
     * @throws org.postbus.consumer.InfrastructureFailure Kafka did not take it in time
     */
    Replay replay(UUID id) {
        return database.transaction(connection -> {
            Optional<DeadLetter> found = find(connection, id);
            if (found.isEmpty()) {
                return new Replay.Unknown();
            }
            DeadLetter letter = found.get();
            if (letter.replayedAt().isPresent()) {
                return new Replay.Already(letter.replayedAt().get());
            }
            if (letter.cut() || Topics.ALL.stream().noneMatch(topic -> topic.name().equals(letter.topic()))) {
                return new Replay.Impossible();
            }
            EventProducer.awaitAll(List.of(log.producer().send(original(connection, letter))),
                    EventProducer.ACKNOWLEDGED_WITHIN);
            mark(connection, id);
            return new Replay.Done(letter);
        });
    }

    private static Optional<DeadLetter> find(Connection connection, UUID id) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(FIND)) {
            statement.setObject(1, id);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? Optional.of(letter(row)) : Optional.empty();
            }
        }
    }

    /** To the partition where it was, so that a large mail's records stay together. */
    private ProducerRecord<byte[], byte[]> original(Connection connection, DeadLetter letter) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(RECORD)) {
            statement.setObject(1, letter.id());
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                RecordHeaders headers = headers(row.getArray("header_names"), row.getArray("header_values"));
                headers.add(REPLAYED, letter.id().toString().getBytes(StandardCharsets.US_ASCII));
                int partition = Math.min(letter.partition(), log.partitions(letter.topic()) - 1);
                return new ProducerRecord<>(letter.topic(), partition, row.getBytes("key"), row.getBytes("value"), headers);
            }
        }
    }

    private static RecordHeaders headers(Array names, Array values) throws SQLException {
        RecordHeaders headers = new RecordHeaders();
        String[] name = (String[]) names.getArray();
        byte[][] value = (byte[][]) values.getArray();
        for (int i = 0; i < name.length; i++) {
            if (!name[i].equals(REPLAYED)) {
                headers.add(name[i], value[i]);
            }
        }
        return headers;
    }

    private static void mark(Connection connection, UUID id) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(MARK)) {
            statement.setObject(1, id);
            statement.executeUpdate();
        }
    }

    private static DeadLetter letter(ResultSet row) throws SQLException {
        return new DeadLetter(row.getObject("id", UUID.class), row.getString("service"), row.getString("topic"),
                row.getInt("partition"), row.getLong("offset"), row.getString("reason"),
                row.getObject("buried_at", OffsetDateTime.class).toInstant(),
                Optional.ofNullable(row.getObject("mail_id", UUID.class)), row.getLong("octets"), row.getBoolean("cut"),
                Optional.ofNullable(row.getObject("replayed_at", OffsetDateTime.class)).map(OffsetDateTime::toInstant));
    }
}
