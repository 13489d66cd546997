package org.postbus.delivery.queue;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/**
 * Takes recipients out of the queue by hand. Unlike an attempt it makes no claim: what nobody has claimed goes in one transaction,
 * with what there is to tell of it, so there is nothing that could be left half done.
 *
 * @param at     when it was decided
 * @param told   whether the reverse-path is told, where it wants to hear of failures
 */
public record Cancellation(Instant at, boolean told) {

    /** Other or undefined mail system status (RFC 3463, section 3.4): no server refused it, this one gave it up. */
    static final String STATUS = "5.3.0";
    static final String WORDS = "cancelled by an administrator";

    private static final UUID NO_CLAIM = new UUID(0, 0);
    private static final String REMOVE = """
            DELETE FROM recipient r USING unnest(?::uuid[], ?::int[]) AS mine (mail_id, n)
            WHERE r.mail_id = mine.mail_id AND r.n = mine.n AND r.claimed_by IS NULL AND r.next_attempt_at <> 'infinity'
            RETURNING r.mail_id, r.n""";

    private record Name(UUID mailId, int n) {

        static Name of(QueuedRecipient recipient) {
            return new Name(recipient.mailId(), recipient.n());
        }
    }

    /**
     * Those that are attempted just now stay, and so do those of mails that still arrive.
     *
     * @param connection in whose transaction it happens
     * @return who is gone
     */
    public List<QueuedRecipient> cancel(Connection connection, List<QueuedRecipient> recipients) throws SQLException {
        Map<UUID, QueuedMail> mails = MailRows.lock(connection,
                new TreeSet<>(recipients.stream().map(QueuedRecipient::mailId).toList()));
        Set<Name> gone = remove(connection, recipients);
        List<QueuedRecipient> cancelled = recipients.stream().filter(one -> gone.contains(Name.of(one))).toList();
        Map<UUID, List<Outcome>> outcomes = new LinkedHashMap<>();
        cancelled.forEach(one -> outcomes.computeIfAbsent(one.mailId(), mail -> new ArrayList<>()).add(outcome(one)));
        List<Attempt> settled = outcomes.entrySet().stream().filter(entry -> mails.containsKey(entry.getKey()))
                .map(entry -> new Attempt(mails.get(entry.getKey()), entry.getValue(), at, Optional.empty(), WORDS)).toList();
        Outbox.write(connection, settled);
        FinishedMails.remove(connection, settled.stream().map(Attempt::mail).toList());
        return cancelled;
    }

    private Outcome outcome(QueuedRecipient recipient) {
        return new Outcome(NO_CLAIM, recipient, told ? new Outcome.Failed() : new Outcome.Cancelled(),
                Outcome.Word.own(STATUS, WORDS));
    }

    private static Set<Name> remove(Connection connection, List<QueuedRecipient> recipients) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(REMOVE)) {
            statement.setArray(1, connection.createArrayOf("uuid", recipients.stream().map(QueuedRecipient::mailId).toArray()));
            statement.setArray(2, connection.createArrayOf("int4", recipients.stream().map(QueuedRecipient::n).toArray()));
            Set<Name> gone = new HashSet<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    gone.add(new Name(row.getObject(1, UUID.class), row.getInt(2)));
                }
            }
            return gone;
        }
    }
}
