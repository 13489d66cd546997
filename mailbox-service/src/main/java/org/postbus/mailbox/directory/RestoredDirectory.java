package org.postbus.mailbox.directory;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.postbus.events.directory.DirectoryChange;

/**
 * Brings back the changes of the directory that a restore to a point in time took away: gateways have acted by them, and mail may be on
 * its way to accounts that were made since. An account comes back under its id, with its mail from the event log, without a quota and with
 * a password that nobody knows: neither is on the log. Without this a change made after the restore would bear a version that the log had
 * already, and everybody who follows the log would ignore it.
 *
 * <p>What the log lacks was deleted, and compaction has forgotten even that: accounts stay all the same, disabled. But on a topic that is not the one of last time it is what
 * the log has lost, and is published anew.
 *
 * <p>Where nothing was restored, the tables and the outbox have all that the log has, and nothing happens.
 */
final class RestoredDirectory {

    private static final Logger LOG = Logger.getLogger(RestoredDirectory.class);

    private static final Duration LOOK_EVERY = Duration.ofMinutes(1);
    private static final String PATIENCE = "set local idle_in_transaction_session_timeout = '180s'";
    private static final String LOCK = "select pg_advisory_xact_lock(hashtextextended('postbus.mailbox.directory', 0))";
    /** Set only where it is behind: others draw from it, and must not see it go back. */
    private static final String NO_VERSION_TWICE = "select setval('outbox_id', ?) from outbox_id where last_value < ?";

    private final Log log;
    private final Outbox outbox;
    private final LostDirectory lost;
    private final RestoredTables tables;
    private Optional<Seen> seen = Optional.empty();

    /** The event log, as far as it is the directory's. Throws what Kafka's clients throw where it does not answer in time. */
    interface Log {

        /** Which topic it is now. */
        Topic topic();

        Content read();
    }

    /**
     * @param changes   the last one of each key
     * @param isLegible whether it has no record that is none, by what this version knows
     */
    record Content(Collection<DirectoryChange> changes, boolean isLegible) {
    }

    /**
     * A topic.
     *
     * @param id      another one for each that is made, whatever its name
     * @param isEmpty whether nothing was ever published on it
     */
    record Topic(String id, boolean isEmpty) {
    }

    private record Seen(Topic topic, long nanoTime) {

        boolean isRecent() {
            return System.nanoTime() - nanoTime < LOOK_EVERY.toNanos();
        }
    }

    /** @param lostPassword the hash of a password that nobody knows */
    RestoredDirectory(Log log, Outbox outbox, Supplier<String> lostPassword) {
        this.log = log;
        this.outbox = outbox;
        this.lost = new LostDirectory(outbox);
        this.tables = new RestoredTables(lostPassword);
    }

    /**
     * In the transaction of the one publisher, before it publishes. Compares the tables with the log once for each pair of a life of the
     * server and a topic.
     *
     * @param publishing whether a change of the directory is to be published: to no topic that was not compared. Else Kafka is asked
     *                   once a minute which topic there is
     * @return whether they were compared. The transaction has to be committed then before anything is sent
     */
    boolean bringBack(Connection connection, boolean publishing) throws SQLException {
        if (!publishing && seen.isPresent() && seen.get().isRecent() && isKnown(connection, seen.get().topic())) {
            return false;
        }
        Topic topic = log.topic();
        seen = Optional.of(new Seen(topic, System.nanoTime()));
        if (isKnown(connection, topic)) {
            return false;
        }
        try (Statement statement = connection.createStatement()) {
            statement.execute(PATIENCE);
            statement.execute(LOCK);
        }
        compare(connection, topic);
        return true;
    }

    /** A topic that was compared is empty only until the first record of {@link LostDirectory} is there. */
    private boolean isKnown(Connection connection, Topic topic) throws SQLException {
        return DirectoryLife.isKnown(connection, topic.id()) && (!topic.isEmpty() || outbox.waits(connection, LostDirectory.FIRST));
    }

    private void compare(Connection connection, Topic topic) throws SQLException {
        Content content = log.read();
        Collection<DirectoryChange> all = content.changes();
        Map<String, Long> published = all.stream().collect(Collectors.toMap(DirectoryChange::key, DirectoryChange::version, Math::max));
        // In doubt what is absent counts as lost, and not as deleted.
        boolean whole = content.isLegible() && !topic.isEmpty() && DirectoryLife.isSameTopic(connection, topic.id())
                && all.stream().noneMatch(DirectoryChange.Rebuilding.class::isInstance);
        takeOver(connection, missing(all, RestoredTables.known(connection)));
        outbox.removeSuperseded(connection, published);
        advance(connection, published.values().stream().mapToLong(Long::longValue).max().orElse(1));
        if (whole) {
            setAside(connection, lost.deleted(connection, published));
        }
        int anew = lost.publishAnew(connection, published, !whole);
        DirectoryLife.remember(connection, topic.id());
        if (anew > 0) {
            LOG.warnf("the event log has lost %d entries of the directory: they are published anew", anew);
        }
        LOG.debugf("compared with %d keys on the event log", all.size());
    }

    private static List<DirectoryChange> missing(Collection<DirectoryChange> all, Map<String, Long> known) {
        return all.stream().filter(change -> known.getOrDefault(change.key(), -1L) < change.version())
                .filter(change -> change instanceof DirectoryChange.Put || known.containsKey(change.key())).toList();
    }

    private void takeOver(Connection connection, List<DirectoryChange> missing) throws SQLException {
        apply(connection, missing);
        if (!missing.isEmpty()) {
            LOG.warnf("the database was restored: %d changes of the directory were taken from the event log; accounts that were made "
                    + "since need a new password: %s", missing.size(), named(missing));
        }
    }

    private void setAside(Connection connection, List<DirectoryChange> deleted) throws SQLException {
        for (DirectoryChange change : inOrder(deleted)) {
            tables.setAside(connection, change.key(), outbox.nextId(connection));
        }
        if (!deleted.isEmpty()) {
            LOG.warnf("the database was restored: %d names that the event log has forgotten were deleted since; accounts among them stay, "
                    + "disabled, until somebody deletes them: %s", deleted.size(), named(deleted));
        }
    }

    private void apply(Connection connection, List<DirectoryChange> changes) throws SQLException {
        for (DirectoryChange change : inOrder(changes)) {
            tables.apply(connection, change);
        }
    }

    private static List<DirectoryChange> inOrder(List<DirectoryChange> changes) {
        return changes.stream().sorted(Comparator.comparing(RestoredTables::order)).toList();
    }

    private static List<String> named(List<DirectoryChange> changes) {
        return changes.stream().map(DirectoryChange::key).limit(100).toList();
    }

    /** No version is given twice. */
    private static void advance(Connection connection, long last) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(NO_VERSION_TWICE)) {
            statement.setLong(1, last);
            statement.setLong(2, last);
            statement.execute();
        }
    }
}
