package org.postbus.mailbox.maildrop;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeoutException;
import java.util.function.IntSupplier;
import org.jboss.logging.Logger;
import org.postbus.events.Topics;
import org.postbus.mailbox.credential.KnownLogin;
import org.postbus.mailbox.database.Database;
import org.postbus.mailbox.database.Together;
import org.postbus.mailbox.maildrop.DatabaseLives.Life;
import org.postbus.mailbox.maildrop.MaildropLocks.Held;

/** Opens maildrops, keeps their leases and closes them. Leases may be lost in a power cut: the transactions are relaxed. */
public final class MaildropSessions {

    /** How long opening waits for what was promised to the last session. */
    static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final Logger LOG = Logger.getLogger(MaildropSessions.class);

    private final Database database;
    private final AppliedUpdates updates;
    private final IntSupplier partitions;
    private final DatabaseLives lives;
    private final Together<OpeningAtOnce.Asked, Optional<Snapshot.Page>> openings;
    private final Together<UUID, Void> releases;

    /** @param partitions how many {@code maildrop.updated} has */
    public MaildropSessions(Database database, AppliedUpdates updates, IntSupplier partitions) {
        this(database, updates, partitions, new DatabaseLives());
    }

    MaildropSessions(Database database, AppliedUpdates updates, IntSupplier partitions, DatabaseLives lives) {
        this.database = database;
        this.updates = updates;
        this.partitions = partitions;
        this.lives = lives;
        this.openings = new Together<>(asked -> database.query(connection -> OpeningAtOnce.attempt(connection, asked)));
        this.releases = new Together<>(this::release);
    }

    /** The first look at the lock. */
    private sealed interface Attempt {
        record Taken() implements Attempt {
        }

        record Gone() implements Attempt {
        }

        record Blocked(Found found) implements Attempt {
        }
    }

    /** What must not be judged before everything that was promised is applied: another's lock, or none in a new life. */
    private record Found(Optional<Held> held, Life life) {
    }

    /**
     * Opens a maildrop for a session whose credentials were judged.
     *
     * <p>Where a lock is found, live or expired, everything that its session may have published by now is applied
     * first; so too where the database may have lost it (see {@link DatabaseLives}). Its expiry is judged by the look
     * before the end of the log was read: a lease that still ran then may have published behind that end.
     */
    public Opening open(UUID accountId, MaildropSession session) {
        Attempt attempt = database.relaxed(connection -> attempt(connection, accountId, session, Optional.empty()));
        if (attempt instanceof Attempt.Blocked(Found found)) {
            if (!allApplied(accountId)) {
                return new Opening.TryLater();
            }
            lives.caughtUp(accountId, partitions.getAsInt(), found.life());
            attempt = database.relaxed(connection -> attempt(connection, accountId, session, Optional.of(found)));
        }
        return switch (attempt) {
            case Attempt.Taken() -> new Opening.Opened(Snapshot.of(database, accountId));
            case Attempt.Blocked(Found found) -> found.held().isPresent() ? new Opening.InUse() : new Opening.TryLater();
            case Attempt.Gone() -> new Opening.Refused();
        };
    }

    /**
     * Opens a maildrop that nobody has, for a login that is still right: lock and snapshot in one round trip, and together with
     * others.
     *
     * @return empty where there is more to find out: judge the credentials and {@link #open}
     */
    public Optional<Opening> openAtOnce(KnownLogin login, MaildropSession session) {
        return lives.believed(login.accountId())
                .flatMap(life -> openings.ask(new OpeningAtOnce.Asked(login, session, life)))
                .map(first -> new Opening.Opened(Snapshot.from(database, login.accountId(), first, OpeningAtOnce.PAGE)));
    }

    /** Begins the lease anew; false if the session is fenced, closed or being broken. */
    public boolean renew(UUID sessionId) {
        return database.relaxedUpdate(MaildropLocks.RENEW, MaildropLocks.LEASE.toSeconds(), sessionId) == 1;
    }

    /** Releases the lock, if the session has it. */
    public void close(UUID sessionId) {
        releases.ask(sessionId);
    }

    /**
     * Ends a session whose lease is over, as if the next one had opened its maildrop.
     *
     * @return false if the lease still runs, or it is not known in time what the session promised
     */
    boolean fence(UUID accountId, UUID sessionId) {
        Held over = new Held(sessionId, true);
        boolean ended = database.query(connection -> MaildropLocks.look(connection, accountId)).filter(over::equals).isPresent();
        return ended && allApplied(accountId) && database.transaction(connection -> {
            MaildropLocks.lockAccount(connection, accountId);
            if (MaildropLocks.look(connection, accountId).filter(over::equals).isPresent()) {
                MaildropLocks.fence(connection, sessionId);
            }
            return true;
        });
    }

    private List<Void> release(List<UUID> sessions) {
        return database.query(connection -> {
            MaildropLocks.release(connection, sessions);
            return Collections.nCopies(sessions.size(), null);
        });
    }

    /** @param before what was found before everything promised was applied; empty at the first look */
    private Attempt attempt(Connection connection, UUID accountId, MaildropSession session, Optional<Found> before)
            throws SQLException {
        Optional<Life> life = MaildropLocks.lockAccount(connection, accountId);
        if (life.isEmpty()) {
            return new Attempt.Gone();
        }
        Optional<Held> held = MaildropLocks.look(connection, accountId);
        if (held.isPresent() && held.get().sessionId().equals(session.id())) {
            // The answer to its first request was lost.
            return MaildropLocks.renew(connection, session.id()) ? new Attempt.Taken() : new Attempt.Gone();
        }
        if (held.isPresent() && held.get().expired() && before.map(Found::held).equals(Optional.of(held))) {
            LOG.infof("session %s takes a maildrop over from session %s, whose lease ended", session.id(),
                    held.get().sessionId());
            MaildropLocks.fence(connection, held.get().sessionId());
            held = Optional.empty();
        }
        boolean waited = before.filter(found -> found.life().begin().equals(life.get().begin())).isPresent();
        if (held.isPresent() || !waited && !lives.isBelieved(accountId, life.get())) {
            return new Attempt.Blocked(new Found(held, life.get()));
        }
        return MaildropLocks.take(connection, accountId, session) ? new Attempt.Taken() : new Attempt.Gone();
    }

    private boolean allApplied(UUID accountId) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        try {
            int partition = Topics.partition(accountId.toString(), partitions.getAsInt());
            long end = updates.end(partition, PATIENCE);
            return updates.await(partition, end, Duration.ofNanos(deadline - System.nanoTime()));
        } catch (TimeoutException e) {
            LOG.warnf("opening a maildrop: %s", e.getMessage());
            return false;
        }
    }
}
