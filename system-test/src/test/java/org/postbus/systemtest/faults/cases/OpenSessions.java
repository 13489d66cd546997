package org.postbus.systemtest.faults.cases;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.postbus.systemtest.faults.cluster.Kind;
import org.postbus.systemtest.faults.cluster.Replica;
import org.postbus.systemtest.faults.load.HeldSession;
import org.postbus.systemtest.faults.report.Invariant;

/**
 * Sessions with a POP3 gateway that is about to end, each with deletions that it has not asked for yet. Some say QUIT while the gateway
 * drains, and must be answered; the others say nothing until they are closed, and have deleted nothing.
 */
final class OpenSessions implements AutoCloseable {

    private static final int SESSIONS = 6;
    private static final int QUIT_EACH_MILLIS = 1_200;

    private final Scene scene;
    private final List<HeldSession> sessions;
    private final Thread client;

    private OpenSessions(Scene scene, List<HeldSession> sessions) {
        this.scene = scene;
        this.sessions = sessions;
        this.client = Thread.ofVirtual().start(this::goOn);
    }

    /** None at other services. */
    static OpenSessions at(Scene scene, Replica gateway) throws IOException {
        List<HeldSession> sessions = new ArrayList<>();
        if (gateway.kind() == Kind.POP3) {
            List<String> accounts = new ArrayList<>(scene.accounts().addresses());
            Collections.shuffle(accounts, scene.random());
            for (String account : accounts.subList(0, SESSIONS)) {
                HeldSession.logIn(scene.ledger(), account, gateway.port()).session().ifPresent(sessions::add);
            }
            for (HeldSession session : sessions) {
                session.deleteSome(scene.random(), List.of());
            }
        }
        return new OpenSessions(scene, sessions);
    }

    /** Every other one, at moments before and after SIGTERM. */
    private void goOn() {
        try {
            for (int n = 0; n < sessions.size(); n += 2) {
                Thread.sleep(QUIT_EACH_MILLIS);
                sessions.get(n).sendQuit();
                String answer = sessions.get(n).readAnswer();
                scene.tally().event("POP3 sessions that said QUIT to a gateway that ends");
                scene.tally().trial(Invariant.P4, answer.startsWith("+OK"), "QUIT while the gateway drains: \"" + answer + "\"");
            }
        } catch (IOException e) {
            scene.tally().trial(Invariant.P4, false, "QUIT while the gateway drains: " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The gateway has ended: those that said nothing hear nothing, and what they had marked must still be there. */
    @Override
    public void close() throws IOException, InterruptedException {
        client.join();
        for (int n = 0; n < sessions.size(); n++) {
            if (n % 2 == 1) {
                String words = sessions.get(n).lastWords();
                scene.tally().event("POP3 sessions that a gateway closed at its end");
                scene.tally().trial(Invariant.P4, words.isEmpty() || words.startsWith("-ERR [SYS/TEMP]"),
                        "a gateway that ended had said \"" + words + "\"");
            }
            sessions.get(n).close();
        }
    }
}
