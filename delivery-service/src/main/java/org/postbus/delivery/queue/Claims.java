package org.postbus.delivery.queue;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jboss.logging.Logger;

/** Takes recipients that are due out of the queue, so that no other instance attempts them. */
public final class Claims {

    private static final Logger LOG = Logger.getLogger(Claims.class);

    /** How many recipients are looked at in one claim. */
    public static final int LOOK = 500;

    /** Not an equality, which an index serves: by it each row would be looked for among all that the instance has claimed. */
    static final String CLAIMED_BY = "claimed_by IS NOT DISTINCT FROM ?";

    private static final String RELEASE = "UPDATE recipient SET claimed_by = NULL, next_attempt_at = ?::timestamptz, status = ?,"
            + " remote_mta = ?, diagnostic_code = ? WHERE mail_id = ? AND n = ? AND " + CLAIMED_BY;

    private static final String HELD = "SELECT mail_id, n FROM recipient WHERE claimed_by = ?";
    private static final String GIVE_BACK = "UPDATE recipient SET claimed_by = NULL WHERE mail_id = ? AND n = ? AND " + CLAIMED_BY;

    /** Of rows that this transaction has locked. */
    private static final String HOLD = """
            UPDATE recipient SET held = true, status = ?, remote_mta = '', diagnostic_code = ? WHERE mail_id = ? AND n = ?""";
    private static final Outcome.Word UNREADABLE = Outcome.Word.own("4.3.0", "held: the envelope of the mail in the queue cannot be read");

    private final DataSource dataSource;

    /** A recipient's name in the queue. */
    public record Name(UUID mailId, int n) {

        public static Name of(QueuedRecipient recipient) {
            return new Name(recipient.mailId(), recipient.n());
        }
    }

    /**
     * Recipients with the mails that they are of.
     *
     * @param postponed were due, too, and are not claimed
     * @param more      whether more may be due
     */
    public record Claimed(UUID claim, List<QueuedRecipient> recipients, Map<UUID, QueuedMail> mails, List<Postponed> postponed,
            boolean more) {
    }

    /**
     * A recipient that there is no use in trying now, or no room for.
     *
     * @param due when it is due again
     * @param why what stands as its reason until then
     */
    public record Postponed(QueuedRecipient recipient, Instant due, Outcome.Word why) {
    }

    /** Knows whom of those that are due there is no use in trying. Asked once for each, in their order. */
    @FunctionalInterface
    public interface Prospects {

        Optional<Postponed> postponed(QueuedRecipient due);
    }

    public Claims(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** Claims what is due, longest due first, whatever its prospects. */
    public Claimed claim(UUID instance, Instant now, int most) throws SQLException {
        return claim(instance, now, most, due -> Optional.empty());
    }

    /**
     * Claims what is due, longest due first, and postpones what there is no use in claiming: a fraction of the cost of an attempt,
     * so that a queue full of mail for dead destinations is passed in no time.
     *
     * @param most that are claimed; {@link #LOOK} are looked at, or as many
     * @throws SQLException nothing is claimed, unless the link broke at the very end: {@link #held} tells
     */
    public Claimed claim(UUID instance, Instant now, int most, Prospects prospects) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            try {
                List<QueuedRecipient> due = DueRows.read(connection, now, Math.max(most, LOOK));
                List<Postponed> postponed = new ArrayList<>();
                List<QueuedRecipient> chosen = new ArrayList<>();
                due.forEach(one -> prospects.postponed(one).ifPresentOrElse(postponed::add, () -> chosen.add(one)));
                // Who is beyond that is let go with the end of the transaction.
                chosen.subList(Math.min(most, chosen.size()), chosen.size()).clear();
                DueRows.postpone(connection, postponed);
                Map<UUID, QueuedMail> mails = chosen.isEmpty() ? Map.of()
                        : MailRows.read(connection, chosen.stream().map(QueuedRecipient::mailId).collect(Collectors.toSet()));
                Map<Boolean, List<QueuedRecipient>> taken =
                        chosen.stream().collect(Collectors.partitioningBy(one -> mails.containsKey(one.mailId())));
                DueRows.take(connection, instance, taken.get(true));
                hold(connection, taken.get(false));
                connection.commit();
                return new Claimed(instance, taken.get(true), mails, postponed,
                        due.size() >= Math.max(most, LOOK));
            } finally {
                // Of a transaction that is committed already nothing is undone.
                connection.rollback();
                connection.setAutoCommit(true);
            }
        }
    }

    /** Gives claims back unattempted. */
    public void release(UUID instance, List<Postponed> postponed) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            ByKey.changed(connection, RELEASE, postponed, (statement, one) -> {
                DueRows.postponed(statement, one);
                statement.setObject(7, instance);
            });
        }
    }

    /** What stands in the queue as claimed by that instance. */
    public Set<Name> held(UUID instance) throws SQLException {
        try (Connection connection = dataSource.getConnection(); PreparedStatement statement = connection.prepareStatement(HELD)) {
            statement.setObject(1, instance);
            Set<Name> names = new HashSet<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    names.add(new Name(row.getObject(1, UUID.class), row.getInt(2)));
                }
            }
            return names;
        }
    }

    /**
     * Gives claims back, to be due as they were.
     *
     * @return how many there were
     */
    public int giveBack(UUID instance, List<Name> names) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            return ByKey.changed(connection, GIVE_BACK, names, (statement, name) -> {
                statement.setObject(1, name.mailId());
                statement.setInt(2, name.n());
                statement.setObject(3, instance);
            }).size();
        }
    }

    /** Of mails that nobody can read: they must not hold up the others, and only a person can say what is to become of them. */
    private static void hold(Connection connection, List<QueuedRecipient> recipients) throws SQLException {
        ByKey.changed(connection, HOLD, recipients, (statement, one) -> {
            statement.setString(1, UNREADABLE.status());
            statement.setString(2, UNREADABLE.diagnostic().text());
            statement.setObject(3, one.mailId());
            statement.setInt(4, one.n());
        });
        if (!recipients.isEmpty()) {
            LOG.errorf("%d recipients are held in the queue, since their mails cannot be read: %s", recipients.size(),
                    recipients.stream().map(QueuedRecipient::mailId).distinct().toList());
        }
    }
}
