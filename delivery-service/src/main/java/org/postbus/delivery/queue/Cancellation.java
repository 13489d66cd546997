package org.postbus.delivery.queue;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
            DELETE FROM recipient WHERE mail_id = ? AND n = ? AND claimed_by IS NULL AND next_attempt_at <> 'infinity'""";

    /**
     * Those that are attempted just now stay, and so do those of mails that still arrive. Of a mail whose envelope cannot be read
     * nobody is told: who would be stands there.
     *
     * @param connection in whose transaction it happens
     * @return who is gone
     */
    public List<QueuedRecipient> cancel(Connection connection, List<QueuedRecipient> recipients) throws SQLException {
        Map<UUID, QueuedMail> mails = MailRows.lock(connection,
                new TreeSet<>(recipients.stream().map(QueuedRecipient::mailId).toList()));
        List<QueuedRecipient> cancelled = ByKey.changed(connection, REMOVE, recipients, (statement, one) -> {
            statement.setObject(1, one.mailId());
            statement.setInt(2, one.n());
        });
        Map<UUID, List<Outcome>> outcomes = new LinkedHashMap<>();
        cancelled.forEach(one -> outcomes.computeIfAbsent(one.mailId(), mail -> new ArrayList<>()).add(outcome(one)));
        List<Attempt> settled = outcomes.entrySet().stream().filter(entry -> mails.containsKey(entry.getKey()))
                .map(entry -> new Attempt(mails.get(entry.getKey()), entry.getValue(), at, Optional.empty(), WORDS)).toList();
        Outbox.write(connection, settled);
        FinishedMails.remove(connection, settled.stream().map(Attempt::mail).toList());
        FinishedMails.removeUnreadable(connection, outcomes.keySet().stream().filter(mailId -> !mails.containsKey(mailId)).toList());
        return cancelled;
    }

    private Outcome outcome(QueuedRecipient recipient) {
        return new Outcome(NO_CLAIM, recipient, told ? new Outcome.Failed() : new Outcome.Cancelled(),
                Outcome.Word.own(STATUS, WORDS));
    }
}
