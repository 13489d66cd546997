package org.postbus.benchmarks.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.postbus.benchmarks.machine.Cpu;
import org.postbus.benchmarks.server.Server;

/** Sessions that say nothing: what each holds of the server's memory. */
public record IdleLoad(String name, Where where) implements Load {

    /** How far the sessions have come. */
    public enum Where {
        SMTP("SMTP sessions after EHLO"),
        POP3_AUTHORIZATION("POP3 sessions before the login"),
        POP3_TRANSACTION("POP3 sessions after the login");

        private final String title;

        Where(String title) {
            this.title = title;
        }
    }

    /** Fewer than any server's limit for one client address. */
    private static final int PER_ADDRESS = 50;

    @Override
    public String title() {
        return "idle " + where.title;
    }

    @Override
    public Map<Figure, Double> run(Server server, Effort effort) throws IOException, InterruptedException {
        List<String> accounts = Delivery.accounts("idle", effort.sessions());
        if (where == Where.POP3_TRANSACTION) {
            server.prepare(accounts);
            // What the first sessions of a server make for all later ones is no session's.
            Pop3.logInOnce(server, accounts);
        }
        server.forgetSessions();
        Cpu.awaitQuiet(Server.SETTLES);
        Server.Memory before = server.memory();
        List<Wire> wires = new ArrayList<>();
        try {
            for (int n = 0; n < effort.sessions(); n++) {
                wires.add(open(server, n, accounts.get(n)));
            }
            Cpu.awaitQuiet(Server.SETTLES);
            return figures(before, server.memory(), effort.sessions());
        } finally {
            for (Wire wire : wires) {
                wire.close();
            }
        }
    }

    private Wire open(Server server, int n, String account) throws IOException {
        String source = "127.0.1." + (1 + n / PER_ADDRESS);
        ByteBuffer buffer = ByteBuffer.allocateDirect(1024);
        return switch (where) {
            case SMTP -> {
                Wire wire = Wire.connect(source, server.smtpPort(), buffer);
                Delivery.greet(wire);
                yield wire;
            }
            case POP3_AUTHORIZATION -> Pop3.connect(source, server.pop3Port(), buffer).wire();
            case POP3_TRANSACTION -> {
                Pop3 session = Pop3.connect(source, server.pop3Port(), buffer);
                session.requireLogin(Pop3.user(account));
                yield session.wire();
            }
        };
    }

    /** Where heap grew more than resident memory, as pages of it had been touched before, the heap is what counts. */
    private static Map<Figure, Double> figures(Server.Memory before, Server.Memory after, int sessions) {
        double resident = (after.resident() - before.resident()) / 1024.0 / sessions;
        double heap = (after.heap() - before.heap()) / 1024.0 / sessions;
        return new Figures()
                .with(Figure.SESSION_KB, Math.max(resident, heap))
                .with(Figure.SESSION_HEAP_KB, heap)
                .values();
    }
}
