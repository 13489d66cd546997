package org.postbus.benchmarks.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.postbus.benchmarks.machine.Cpu;
import org.postbus.benchmarks.server.Server;

/**
 * The first LIST of a large maildrop after the server's restart: from USER to the final dot, as servers differ in what
 * they do at the login and what at LIST.
 */
public record ListLoad(String name, int octets) implements Load {

    /** A single LIST after a single restart differs much from the next. */
    private static final int RESTARTS = 3;
    private static final String ACCOUNT = "large";
    private static final ByteBuffer USER = Pop3.user(ACCOUNT);

    private record Times(double all, double list) {}

    @Override
    public String title() {
        return "cold LIST";
    }

    @Override
    public Map<Figure, Double> run(Server server, Effort effort) throws IOException, InterruptedException {
        server.prepare(List.of(ACCOUNT));
        server.fill(ACCOUNT, effort.listed(), octets);
        // What a server remembers on disk about a maildrop it has at hand after this, as it would in service.
        list(server, effort);
        List<Times> cold = new ArrayList<>();
        for (int n = 0; n < RESTARTS; n++) {
            cold.add(afterRestart(server, effort));
        }
        Figures figures = new Figures()
                .with(Figure.LIST_MS, median(cold, Times::all))
                .with(Figure.LIST_ALONE_MS, median(cold, Times::list));
        if (server.loseIndexes(ACCOUNT)) {
            figures.with(Figure.REBUILT_LIST_MS, afterRestart(server, effort).all);
        }
        return figures.values();
    }

    private static Times afterRestart(Server server, Effort effort) throws IOException, InterruptedException {
        server.restart();
        Cpu.awaitQuiet(Server.SETTLES);
        return list(server, effort);
    }

    private static double median(List<Times> times, ToDoubleFunction<Times> which) {
        return times.stream().mapToDouble(which).sorted().toArray()[times.size() / 2];
    }

    private static Times list(Server server, Effort effort) throws IOException {
        try (Pop3 session = Pop3.connect(server.pop3Port(), ByteBuffer.allocateDirect(64 * 1024))) {
            long start = System.nanoTime();
            session.requireLogin(USER);
            long open = System.nanoTime();
            long listing = session.list();
            long end = System.nanoTime();
            session.quit();
            if (listing < effort.listed() * 4L) {
                throw new IOException("a listing of " + listing + " octets cannot have " + effort.listed() + " messages");
            }
            return new Times((end - start) / 1e6, (end - open) / 1e6);
        }
    }
}
