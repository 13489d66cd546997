package org.postbus.mailbox.message;

import jakarta.inject.Singleton;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.postbus.consumer.EventProducer;
import org.postbus.events.FactCodec;
import org.postbus.events.MaildropUpdated;
import org.postbus.events.Topics;
import org.postbus.mailbox.database.Database;
import org.postbus.mailbox.eventlog.EventLog;
import org.postbus.mailbox.maildrop.AppliedUpdates;

/** Reads maildrops for the admin API, and deletes from them the way POP3 does: by an event. */
@Singleton
public class Messages {

    /** How long a deletion may take to show before the client is told that it will. */
    static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final String COLUMNS = """
            select e.mail_id, e.octets, e.filed_at, header_from, header_subject, header_date, e.seq
              from entry e join content c on c.mail_id = e.mail_id
            """;
    private static final String LIST = COLUMNS + "where e.account_id = ? and e.seq > ? order by e.seq limit ?";
    private static final String FIND = COLUMNS + "where e.account_id = ? and e.mail_id = ?";

    private final Database database;
    private final EventLog log;
    private final AppliedUpdates updates;

    public Messages(Database database, EventLog log, AppliedUpdates updates) {
        this.database = database;
        this.log = log;
        this.updates = updates;
    }

    /** The account at a canonical address. */
    Optional<UUID> account(String address) {
        return database.query(connection -> {
            try (PreparedStatement statement = connection.prepareStatement("select id from account where address = ?")) {
                statement.setString(1, address);
                try (ResultSet row = statement.executeQuery()) {
                    return row.next() ? Optional.of(row.getObject(1, UUID.class)) : Optional.empty();
                }
            }
        });
    }

    /** In the order of POP3's listing. */
    List<MessageView> list(UUID accountId, long afterSeq, int limit) {
        return database.query(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(LIST)) {
                statement.setObject(1, accountId);
                statement.setLong(2, afterSeq);
                statement.setInt(3, limit);
                return messages(statement);
            }
        });
    }

    Optional<MessageView> find(UUID accountId, UUID mailId) {
        return database.query(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(FIND)) {
                statement.setObject(1, accountId);
                statement.setObject(2, mailId);
                return messages(statement).stream().findFirst();
            }
        });
    }

    /**
     * Deletes a message for ever. From the event's acknowledgement on it is certain.
     *
     * @return whether it is done already
     * @throws org.postbus.consumer.InfrastructureFailure Kafka did not take the event in time
     */
    boolean delete(UUID accountId, UUID mailId) {
        MaildropUpdated update = new MaildropUpdated(accountId, Optional.empty(), List.of(mailId), "rest", Instant.now());
        var sent = log.producer().send(FactCodec.MAILDROP_UPDATED.encode(update, "mailbox-service",
                log.partitions(Topics.MAILDROP_UPDATED)));
        EventProducer.awaitAll(List.of(sent), EventProducer.ACKNOWLEDGED_WITHIN);
        RecordMetadata written = sent.join();
        return updates.await(written.partition(), written.offset() + 1, PATIENCE);
    }

    private static List<MessageView> messages(PreparedStatement statement) throws SQLException {
        List<MessageView> messages = new ArrayList<>();
        try (ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                messages.add(new MessageView(row.getObject("mail_id", UUID.class), row.getLong("octets"),
                        row.getObject("filed_at", OffsetDateTime.class).toInstant(), row.getString("header_from"),
                        row.getString("header_subject"), row.getString("header_date"), row.getLong("seq")));
            }
        }
        return messages;
    }
}
