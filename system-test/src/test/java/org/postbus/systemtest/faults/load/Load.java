package org.postbus.systemtest.faults.load;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.postbus.systemtest.faults.cluster.Cluster;
import org.postbus.systemtest.faults.cluster.Kind;

/** Clients that send, fetch and delete until they are told to end. */
public final class Load implements AutoCloseable {

    /**
     * How much.
     *
     * @param mailsPerSecond    all writers together
     * @param sessionsPerSecond of POP3, all readers together
     * @param callers           of the REST API, while nothing is broken that they would notice
     */
    public record Size(int writers, int mailsPerSecond, int readers, int sessionsPerSecond, int callers) {

        /** Enough for 100,000 mails in half an hour. */
        public static final Size LONG = new Size(12, 90, 4, 8, 3);
        public static final Size SHORT = new Size(8, 60, 3, 6, 2);
    }

    private final AtomicBoolean over = new AtomicBoolean();
    private final List<Thread> clients = new ArrayList<>();

    private Load() {}

    public static Load start(Cluster cluster, FaultLedger ledger, Accounts accounts, Size size, Random random) {
        Load load = new Load();
        Pace mails = new Pace(size.mailsPerSecond());
        Pace sessions = new Pace(size.sessionsPerSecond());
        for (int n = 0; n < size.writers(); n++) {
            boolean submits = n % 2 == 1;
            int port = submits ? cluster.submissions().port() : cluster.front(Kind.SMTP).port();
            SmtpWriter writer = new SmtpWriter(ledger, accounts, port, submits, cluster.relays(), mails,
                    new Random(random.nextLong()));
            load.client(() -> writer.run(load.over::get));
        }
        for (int n = 0; n < size.readers(); n++) {
            Pop3Reader reader = new Pop3Reader(ledger, accounts, cluster.front(Kind.POP3).port(), sessions, new Random(random.nextLong()));
            load.client(() -> reader.run(load.over::get));
        }
        if (ledger.isGentle()) {
            for (int n = 0; n < size.callers(); n++) {
                RestCaller caller = new RestCaller(ledger, accounts, cluster, "caller" + n, new Random(random.nextLong()));
                load.client(() -> caller.run(load.over::get));
            }
        }
        return load;
    }

    /** Ends when every client knows the outcome of what it had begun, or has waited for it long enough. */
    @Override
    public void close() throws InterruptedException {
        over.set(true);
        for (Thread client : clients) {
            client.join();
        }
    }

    private interface Client {
        void run() throws InterruptedException;
    }

    private void client(Client client) {
        clients.add(Thread.ofVirtual().start(() -> {
            try {
                client.run();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }));
    }
}
