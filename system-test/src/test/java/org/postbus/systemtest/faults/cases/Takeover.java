package org.postbus.systemtest.faults.cases;

import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import org.postbus.systemtest.faults.load.HeldSession;
import org.postbus.systemtest.faults.report.Invariant;

/** A maildrop whose session's gateway stands still, and the next session, which must get it when the lease has ended. */
final class Takeover {

    /** What the client of the stopped session does. */
    enum Client { QUITS_WHILE_STOPPED, QUITS_WHEN_WOKEN, GOES }

    private static final Duration FREE_WITHIN = Duration.ofSeconds(30);
    private static final String LEASE_END = """
            select expires_at from mailbox.maildrop_lock join mailbox.account on account.id = account_id where address = ?""";

    private final Scene scene;
    private final HeldSession stopped;
    private final Client client;
    private final Instant leaseEnd;
    private Optional<HeldSession> next = Optional.empty();
    private boolean over;

    Takeover(Scene scene, HeldSession stopped, Client client) throws IOException, SQLException {
        this.scene = scene;
        this.stopped = stopped;
        this.client = client;
        if (client == Client.QUITS_WHILE_STOPPED) {
            stopped.sendQuit();
        }
        this.leaseEnd = leaseEnd();
    }

    /** A renewal on its way may still move it, to later. */
    private Instant leaseEnd() throws SQLException {
        try (Connection connection = scene.cluster().postgres().connect();
                PreparedStatement statement = connection.prepareStatement(LEASE_END)) {
            statement.setString(1, stopped.account());
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? row.getObject(1, OffsetDateTime.class).toInstant() : Instant.MIN;
            }
        }
    }

    /** Whether the maildrop has its next session, or will not get one. */
    boolean isOver() {
        return over;
    }

    /** Logs in at another gateway. Its clock and the database's are one. */
    void attempt(int port) throws IOException {
        if (over) {
            return;
        }
        HeldSession.Login login = HeldSession.logIn(scene.ledger(), stopped.account(), port);
        boolean late = Instant.now().isAfter(leaseEnd.plus(FREE_WITHIN));
        if (login.refusal().startsWith("-ERR [SYS/TEMP]") && !late) {
            scene.tally().event("logins put off");
        } else if (Instant.now().isBefore(leaseEnd)) {
            scene.tally().trial(Invariant.P3, login.refusal().startsWith("-ERR [IN-USE]"),
                    stopped.account() + ": a lease runs until " + leaseEnd + ", and a login was answered " + login);
        } else if (login.session().isPresent() || late) {
            scene.tally().trial(Invariant.P3, login.session().isPresent(),
                    stopped.account() + ": a lease ended at " + leaseEnd + ", and a login was answered " + login);
        }
        next = login.session();
        over = next.isPresent() || late;
    }

    /** The gateway goes on: the next session must not notice. */
    void wake() throws IOException {
        try (HeldSession first = stopped) {
            switch (client) {
                case GOES -> first.close();
                case QUITS_WHEN_WOKEN -> {
                    first.sendQuit();
                    judge(first.readAnswer());
                }
                case QUITS_WHILE_STOPPED -> judge(first.readAnswer());
            }
        }
        if (next.isPresent()) {
            end(next.get());
        }
    }

    /** Another session has the maildrop: nothing can be promised any more. */
    private void judge(String answer) {
        scene.tally().trial(Invariant.P3, answer.isEmpty() || answer.startsWith("-ERR"),
                stopped.account() + ": a session that had lost its maildrop was answered " + answer);
    }

    private void end(HeldSession session) throws IOException {
        try (session) {
            session.fetch(stopped.deletions());
            session.deleteSome(scene.random(), stopped.deletions());
            session.sendQuit();
            session.readAnswer();
            scene.tally().event("maildrops taken over");
        }
    }
}
