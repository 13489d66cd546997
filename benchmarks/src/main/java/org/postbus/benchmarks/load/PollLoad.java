package org.postbus.benchmarks.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.postbus.benchmarks.machine.Cpu;
import org.postbus.benchmarks.server.Server;

/**
 * Clients that ask for mail and find none: connect, USER, PASS, STAT, QUIT, and again, each on an account of its own.
 */
public record PollLoad(String name, int clients) implements Load {

    @Override
    public String title() {
        return "empty polls, " + clients + " clients";
    }

    @Override
    public Map<Figure, Double> run(Server server, Effort effort) throws IOException, InterruptedException {
        List<String> accounts = Delivery.accounts("empty", clients);
        server.prepare(accounts);
        Pop3.logInOnce(server, accounts);
        Cpu.awaitQuiet(Server.SETTLES);
        Sessions sessions = new Sessions();
        Cpu start = Cpu.now();
        Pace pace = Pace.asFastAsPossible(effort.seconds());
        sessions.run(clients, n -> poll(server.pop3Port(), accounts.get(n), sessions, pace));
        sessions.requireSome();
        return new Figures()
                .with(Figure.POLLS, sessions.count() / ((sessions.lastDone() - start.nanos()) / 1e9))
                .with(Figure.REFUSED, sessions.refusals())
                .withLatency(sessions.latency())
                .withCpu(start, Cpu.now(), sessions.count())
                .values();
    }

    private static void poll(int port, String account, Sessions sessions, Pace pace) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(4096);
        ByteBuffer user = Pop3.user(account);
        for (long intended = pace.next(); intended != Pace.END; intended = pace.next()) {
            try (Pop3 session = Pop3.connect(port, buffer)) {
                if (session.logIn(user) && session.stat() && session.quit()) {
                    sessions.done(intended);
                } else {
                    sessions.refused();
                }
            }
        }
    }
}
