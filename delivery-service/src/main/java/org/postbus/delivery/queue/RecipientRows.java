package org.postbus.delivery.queue;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/** New rows of the table {@code recipient}, written with one statement. */
final class RecipientRows {

    private static final String INSERT = """
            INSERT INTO recipient (mail_id, n, original_recipient, final_recipient, reverse_path, destination, queued_at,
                expires_at, next_attempt_at, claimed_by)
            SELECT * FROM unnest(?::uuid[], ?::int[], ?::text[], ?::text[], ?::text[], ?::text[], ?::timestamptz[],
                ?::timestamptz[], ?::timestamptz[], ?::uuid[])""";

    private final List<Row> rows = new ArrayList<>();

    private record Row(QueuedRecipient recipient, Optional<UUID> claim, String nextAttemptAt) {
    }

    void add(QueuedRecipient recipient, Optional<UUID> claim, Instant nextAttemptAt) {
        rows.add(new Row(recipient, claim, nextAttemptAt.toString()));
    }

    /** Of a mail that still arrives. */
    void addLater(QueuedRecipient recipient) {
        rows.add(new Row(recipient, Optional.empty(), "infinity"));
    }

    void insert(Connection connection) throws SQLException {
        if (rows.isEmpty()) {
            return;
        }
        try (PreparedStatement statement = connection.prepareStatement(INSERT)) {
            array(statement, 1, "uuid", row -> row.recipient().mailId());
            array(statement, 2, "int4", row -> row.recipient().n());
            array(statement, 3, "text", row -> row.recipient().originalRecipient());
            array(statement, 4, "text", row -> row.recipient().finalRecipient());
            array(statement, 5, "text", row -> row.recipient().reversePath());
            array(statement, 6, "text", row -> row.recipient().destination());
            array(statement, 7, "text", row -> row.recipient().queuedAt().toString());
            array(statement, 8, "text", row -> row.recipient().expiresAt().toString());
            array(statement, 9, "text", Row::nextAttemptAt);
            array(statement, 10, "uuid", row -> row.claim().orElse(null));
            statement.executeUpdate();
        }
    }

    private void array(PreparedStatement statement, int index, String type, Function<Row, Object> value) throws SQLException {
        statement.setArray(index, statement.getConnection().createArrayOf(type, rows.stream().map(value).toArray()));
    }
}
