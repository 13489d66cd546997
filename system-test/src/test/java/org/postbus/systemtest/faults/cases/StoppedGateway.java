package org.postbus.systemtest.faults.cases;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.postbus.systemtest.faults.cluster.Kind;
import org.postbus.systemtest.faults.cluster.Replica;
import org.postbus.systemtest.faults.load.HeldSession;

/**
 * A POP3 gateway stands still past the leases of its sessions and wakes when sessions at another gateway have taken their
 * maildrops over. Its clients send QUIT then, or have sent it meanwhile, or go: none of their deletions may happen.
 */
public record StoppedGateway() implements Fault {

    private static final int SESSIONS = 9;

    @Override
    public String name() {
        return "POP3 gateway stopped past its leases and woken";
    }

    @Override
    public void run(Scene scene) throws Exception {
        if (scene.cluster().replicas(Kind.POP3).size() < 2) {
            Replica second = scene.cluster().add(Kind.POP3);
            second.start();
            second.awaitReady();
        }
        do {
            List<Replica> gateways = new ArrayList<>(scene.cluster().replicas(Kind.POP3));
            Collections.shuffle(gateways, scene.random());
            once(scene, gateways.getFirst(), gateways.getLast());
        } while (!scene.over());
    }

    /** Not cut short: less than a lease means nothing. */
    private static void once(Scene scene, Replica sleeper, Replica other) throws Exception {
        List<HeldSession> sessions = open(scene, sleeper);
        sleeper.signal("STOP");
        List<Takeover> takeovers = new ArrayList<>();
        try {
            scene.tally().event("gateways stopped past their leases");
            Takeover.Client[] clients = Takeover.Client.values();
            for (HeldSession session : sessions) {
                takeovers.add(new Takeover(scene, session, clients[takeovers.size() % clients.length]));
            }
            while (!takeovers.stream().allMatch(Takeover::isOver)) {
                for (Takeover takeover : takeovers) {
                    takeover.attempt(other.port());
                }
                scene.letPassWhole(300, 700);
                if (!sleeper.isStopped()) {
                    // A shell that ends wakes what stands still in its process group.
                    throw new IllegalStateException(sleeper.name() + " was woken by somebody else");
                }
            }
        } finally {
            sleeper.signal("CONT");
        }
        for (Takeover takeover : takeovers) {
            takeover.wake();
        }
    }

    /** Sessions that have not asked for their deletions yet: each has some, else its QUIT would promise nothing. */
    private static List<HeldSession> open(Scene scene, Replica gateway) throws Exception {
        scene.letPassWhole(4_000, 5_000);
        List<String> accounts = new ArrayList<>(scene.accounts().addresses());
        Collections.shuffle(accounts, scene.random());
        List<HeldSession> sessions = new ArrayList<>();
        for (String account : accounts) {
            if (sessions.size() < SESSIONS) {
                HeldSession.logIn(scene.ledger(), account, gateway.port()).session().ifPresent(sessions::add);
            }
        }
        for (HeldSession session : List.copyOf(sessions)) {
            session.deleteSome(scene.random(), List.of());
            if (session.deletions().isEmpty()) {
                session.close();
                sessions.remove(session);
            }
        }
        return sessions;
    }
}
