package org.postbus.delivery.queue;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

/** Mails that have no recipient left in the queue. */
public final class FinishedMails {

    /** How long the queue knows a notification that has left it: longer than anything publishes one again. */
    static final Duration KNOWN = Duration.ofHours(24);

    private static final String NOBODY_LEFT = " AND NOT EXISTS (SELECT FROM recipient WHERE mail_id = ?)";
    private static final String REMOVE = "DELETE FROM mail WHERE mail_id = ? AND complete" + NOBODY_LEFT;
    private static final String FINISH = "UPDATE mail SET done_at = now() WHERE mail_id = ?" + NOBODY_LEFT;
    private static final String REMOVE_OCTETS = "DELETE FROM chunk WHERE mail_id = ?";
    private static final String FORGET = "DELETE FROM mail WHERE done_at < now() - ? * interval '1 second'";

    private FinishedMails() {
    }

    /** Removes those of the mails that nobody is to get any more. Their rows are locked. */
    static void remove(Connection connection, List<QueuedMail> mails) throws SQLException {
        Map<Boolean, List<UUID>> ours = mails.stream().collect(Collectors.partitioningBy(FinishedMails::isOurs,
                Collectors.mapping(QueuedMail::mailId, Collectors.toList())));
        removeOctets(connection, ByKey.changed(connection, REMOVE, ours.get(false), FinishedMails::twice));
        removeOctets(connection, ByKey.changed(connection, FINISH, ours.get(true), FinishedMails::twice));
    }

    /** The same for mails whose envelope cannot be read. */
    static void removeUnreadable(Connection connection, List<UUID> mails) throws SQLException {
        removeOctets(connection, ByKey.changed(connection, REMOVE, mails, FinishedMails::twice));
    }

    /** Forgets the notifications that nothing will publish again. */
    public static int sweep(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(FORGET)) {
            statement.setLong(1, KNOWN.toSeconds());
            return statement.executeUpdate();
        }
    }

    /** Mail that Postbus makes, whose id comes from what it tells: it may be published twice. */
    private static boolean isOurs(QueuedMail mail) {
        return mail.envelope().protocol().equals("internal");
    }

    private static void removeOctets(Connection connection, List<UUID> mails) throws SQLException {
        ByKey.changed(connection, REMOVE_OCTETS, mails, (statement, mailId) -> statement.setObject(1, mailId));
    }

    private static void twice(PreparedStatement statement, UUID mailId) throws SQLException {
        statement.setObject(1, mailId);
        statement.setObject(2, mailId);
    }
}
