package org.postbus.consumer;

import java.util.Arrays;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

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

    public Migrations(Flyway flyway) {
        this.flyway = flyway;
    }

    /**
     * Does what is missing; of several processes one. A schema that is newer than this program stays as it is.
     *
     * @throws FlywayException where a migration fails, one that was done is another than ours, or PostgreSQL does not answer
     */
    public void run() {
        flyway.migrate();
    }

    /**
     * Whether all were done. There may be later ones too: they leave standing what this program uses.
     *
     * @throws FlywayException where PostgreSQL does not answer
     */
    public boolean done() {
        var known = flyway.info();
        return known.pending().length == 0 && Arrays.stream(known.all()).noneMatch(each -> each.getState().isFailed());
    }

    /** What is said of a process that did nothing else. */
    public String summary() {
        var current = flyway.info().current();
        return "the schema is migrated to version " + (current == null ? "0" : current.getVersion());
    }
}
