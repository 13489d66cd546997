package org.postbus.consumer;

import java.sql.SQLException;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.CoreErrorCode;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationState;

/** A service's schema: the migrations that this program knows, and whether they were done. */
public final class Migrations {

    private final Flyway flyway;

    /** Who does them: the setting {@code postbus.migrate}. */
    public enum Mode {

        /** Each process, when it starts. */
        START,

        /** This process, which does nothing else and ends: a Job before the roll-out. */
        ONLY,

        /** Somebody else. The service waits until the schema is new enough. */
        NEVER
    }

    /** @param flyway as it is set up, but for its lock: in a transaction that would keep an index made concurrently waiting for ever */
    public Migrations(Flyway flyway) {
        this.flyway = Flyway.configure(flyway.getConfiguration().getClassLoader()).configuration(flyway.getConfiguration())
                .configuration(Map.of("flyway.postgresql.transactional.lock", "false")).load();
    }

    /**
     * Does what is missing; of several processes one. What failed before is tried again. A schema that is newer than this program
     * stays as it is.
     *
     * @throws FlywayException where a migration fails, one that was done is another than ours, or PostgreSQL does not answer
     */
    public void run() {
        if (failed().findAny().isPresent() && !isAnotherThanOurs()) {
            // Of a migration without a transaction a row stays, and Flyway would refuse all until somebody takes it away.
            flyway.repair();
        }
        flyway.migrate();
    }

    /**
     * Whether all were done. There may be later ones too, done or failed: they leave standing what this program uses.
     *
     * @throws SQLException where PostgreSQL does not answer
     */
    public boolean done() throws SQLException {
        try {
            return flyway.info().pending().length == 0 && failed().findAny().isEmpty();
        } catch (FlywayException e) {
            throw new SQLException(e.getMessage(), e);
        }
    }

    private Stream<MigrationInfo> failed() {
        return Arrays.stream(flyway.info().all())
                .filter(each -> each.getState().isFailed() && each.getState() != MigrationState.FUTURE_FAILED);
    }

    /** Repairing would take over the checksums of what was changed since. */
    private boolean isAnotherThanOurs() {
        return flyway.validateWithResult().invalidMigrations.stream()
                .anyMatch(each -> each.errorDetails.errorCode == CoreErrorCode.CHECKSUM_MISMATCH);
    }

    /** What is said of a process that did nothing else. */
    public String summary() {
        var current = flyway.info().current();
        return "the schema is migrated to version " + (current == null ? "0" : current.getVersion());
    }
}
