package org.postbus.delivery.queue.admin;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.postbus.delivery.queue.QueuedRecipient;

/** A recipient in the queue as the API shows it, in the words of RFC 3464. */
@Schema(name = "QueuedRecipient", description = "A recipient that waits to be relayed")
public record QueueItem(
        UUID mailId,
        @Schema(hidden = true) @JsonIgnore int n,
        @Schema(description = "The forward-path that the client gave") String originalRecipient,
        @Schema(description = "The address that it is relayed to") String finalRecipient,
        @Schema(description = "It is relayed with; empty for the null reverse-path") String reversePath,
        @Schema(description = "The final recipient's domain, as A-labels", examples = "example.org") String destination,
        QueueState state,
        @Schema(description = "Enhanced status code (RFC 3463): why it waits. Of its last attempt, or "
                + "since then of its destination, where that cannot be reached; null before either", examples = "4.7.1",
                nullable = true) Optional<String> status,
        @Schema(description = "The server that said it, to this recipient or another one of the destination", nullable = true)
        Optional<String> remoteMta,
        @Schema(description = "Its reply, or why there is none", nullable = true) Optional<String> diagnosticCode,
        @Schema(description = "At a remote, or on the way to it; that it was put off untried is none") int attempts,
        Instant queuedAt,
        @Schema(description = "Null before the first", nullable = true) Optional<Instant> lastAttemptAt,
        @Schema(description = "Null while it is held or arrives", nullable = true) Optional<Instant> nextAttemptAt,
        @Schema(description = "After this it is tried no more; what is held does not expire") Instant expiresAt,
        @Schema(description = "Of the mail as the client sent it; 0 while it arrives") long octets,
        @Schema(hidden = true) @JsonIgnore boolean delayTold) {

    /** Of {@code recipient r} and {@code mail m}. */
    static final String COLUMNS = "r.mail_id, r.n, r.original_recipient, r.final_recipient, r.reverse_path, r.destination, "
            + QueueState.SQL + " AS state, r.status, r.remote_mta, r.diagnostic_code, r.attempts, r.queued_at, r.last_attempt_at, "
            + "CASE WHEN r.held OR r.next_attempt_at = 'infinity' THEN NULL ELSE r.next_attempt_at END AS next_at, r.expires_at, "
            + "coalesce(m.octets, 0) AS octets, r.delay_told";

    static QueueItem of(ResultSet row) throws SQLException {
        return new QueueItem(row.getObject("mail_id", UUID.class), row.getInt("n"), row.getString("original_recipient"),
                row.getString("final_recipient"), row.getString("reverse_path"), row.getString("destination"),
                QueueState.of(row.getString("state")).orElseThrow(), text(row, "status"), text(row, "remote_mta"),
                text(row, "diagnostic_code"), row.getInt("attempts"), time(row, "queued_at").orElseThrow(),
                time(row, "last_attempt_at"), time(row, "next_at"), time(row, "expires_at").orElseThrow(), row.getLong("octets"),
                row.getBoolean("delay_told"));
    }

    RecipientKey key() {
        return new RecipientKey(mailId, n);
    }

    QueuedRecipient recipient() {
        return new QueuedRecipient(mailId, n, originalRecipient, finalRecipient, reversePath, destination, queuedAt, expiresAt,
                attempts, delayTold);
    }

    static Optional<Instant> time(ResultSet row, String column) throws SQLException {
        return Optional.ofNullable(row.getObject(column, OffsetDateTime.class)).map(OffsetDateTime::toInstant);
    }

    static Optional<String> text(ResultSet row, String column) throws SQLException {
        return Optional.of(row.getString(column)).filter(text -> !text.isEmpty());
    }
}
