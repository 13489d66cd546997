package org.postbus.mailbox.retention;

import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import org.jboss.logging.Logger;
import org.postbus.mailbox.config.MailboxConfig;
import org.postbus.mailbox.config.PlatformConfig;
import org.postbus.mailbox.content.Sweeper;
import org.postbus.mailbox.database.Database;
import org.postbus.mailbox.database.DatabaseFailure;
import org.postbus.mailbox.database.SchemaReady;

/** Sweeps and forgets, every minute, in one instance at a time: the one that has the advisory lock. */
@Singleton
public class Housekeeping {

    /** Beyond the age at which records leave the topics: trimming runs late, and clocks differ. */
    static final Duration MARGIN = Duration.ofDays(1);

    private static final Logger LOG = Logger.getLogger(Housekeeping.class);
    private static final Duration EVERY = Duration.ofMinutes(1);
    private static final String LEAD = "select pg_try_advisory_lock(hashtextextended('postbus.mailbox.housekeeping', 0))";
    private static final String RESIGN = "select pg_advisory_unlock(hashtextextended('postbus.mailbox.housekeeping', 0))";

    private final Database database;
    private final Sweeper sweeper;
    private final List<Forgetting> forgettings;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("mailbox.housekeeping").daemon(true).factory());
    private volatile boolean stopping;

    public Housekeeping(Database database, Sweeper sweeper, MailboxConfig config, PlatformConfig platform) {
        this.database = database;
        this.sweeper = sweeper;
        Duration horizon = platform.events().keep().plus(MARGIN);
        Duration trail = config.trailKeep();
        this.forgettings = List.of(Forgetting.markers(horizon), Forgetting.tombstones(horizon),
                Forgetting.fencedSessions(horizon), Forgetting.deadLetters(config.deadLetterKeep()),
                Forgetting.failedLogins(config.credentials().failureWindow()),
                Forgetting.trail("trail_event", "at", trail), Forgetting.trail("trail_mail", "first_at", trail),
                Forgetting.trail("trail_recipient", "at", trail));
    }

    void start(@Observes SchemaReady event) {
        timer.scheduleWithFixedDelay(this::runOrLog, EVERY.toSeconds(), EVERY.toSeconds(), TimeUnit.SECONDS);
    }

    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        stopping = true;
        timer.shutdown();
        timer.awaitTermination(5, TimeUnit.SECONDS);
    }

    /** One round, unless another instance is at it. */
    void run() {
        database.query(leader -> {
            if (yes(leader, LEAD)) {
                try {
                    rounds();
                } finally {
                    yes(leader, RESIGN);
                }
            }
            return true;
        });
    }

    private void rounds() {
        batches("mails to sweep", sweeper::sweep, Sweeper.BATCH);
        for (Forgetting forgetting : forgettings) {
            batches(forgetting.rows(), () -> forgetting.run(database), Forgetting.BATCH);
        }
    }

    private void batches(String what, IntSupplier batch, int full) {
        long total = 0;
        int count;
        do {
            count = batch.getAsInt();
            total += count;
        } while (count >= full && !stopping);
        if (total > 0) {
            LOG.infof("housekeeping: %d %s", total, what);
        }
    }

    private void runOrLog() {
        try {
            run();
        } catch (DatabaseFailure e) {
            LOG.warnf("housekeeping waits for PostgreSQL: %s", e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("housekeeping failed", e);
        }
    }

    private static boolean yes(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement(); ResultSet row = statement.executeQuery(sql)) {
            return row.next() && row.getBoolean(1);
        }
    }
}
