package org.postbus.systemtest.faults.cases;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.postbus.systemtest.Await;
import org.postbus.systemtest.Launcher;
import org.postbus.systemtest.faults.cluster.Kind;
import org.postbus.systemtest.faults.cluster.Link;
import org.postbus.systemtest.faults.cluster.PostgresServer;

/**
 * PostgreSQL is taken back to a state of some time ago, and of the two topics that bring it up to date the one with the
 * deletions is applied first: messages are deleted that are not filed yet.
 */
public record RestoredDeletionsFirst() implements Fault {

    private static final Duration DELETED_WITHIN = Duration.ofSeconds(30);
    private static final String HOLD_FILING = "select from mailbox.position where topic = 'mail.routed' for update";
    private static final String DELETIONS = "select count(*) from mailbox.tombstone";

    @Override
    public String name() {
        return "PostgreSQL restored, deletions first";
    }

    @Override
    public void run(Scene scene) throws Exception {
        PostgresServer postgres = scene.cluster().postgres();
        Path copy = scene.cluster().folder().resolve("postgres-copy");
        postgres.stop();
        postgres.copyTo(copy);
        postgres.start();
        scene.letPass(7_000, 9_000);
        long deletions = deletions(postgres);
        postgres.stop();
        postgres.restore(copy);
        Launcher.run(List.of("rm", "-rf", copy.toString()));
        Link link = postgres.link(Kind.MAILBOX);
        link.set(Link.State.CUT);
        postgres.start();
        deletionsFirst(postgres, link, deletions);
        scene.tally().event("restores");
    }

    /** Filing waits for its position, which it moves before all else; that of the deletions is free. */
    private static void deletionsFirst(PostgresServer postgres, Link link, long deletions) throws Exception {
        try (Connection connection = postgres.connect(); Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute(HOLD_FILING);
            link.set(Link.State.OPEN);
            Await.answer("the deletions", DELETED_WITHIN,
                    () -> deletions(postgres) >= deletions ? Optional.of(true) : Optional.empty());
            connection.rollback();
        }
    }

    private static long deletions(PostgresServer postgres) throws SQLException {
        try (Connection connection = postgres.connect(); Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(DELETIONS)) {
            row.next();
            return row.getLong(1);
        }
    }
}
