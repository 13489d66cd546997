package org.postbus.benchmarks.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.postbus.benchmarks.machine.Cpu;
import org.postbus.benchmarks.server.Server;

/**
 * The first LIST of a large maildrop after the server's restart: from PASS to the final dot, as servers differ in what
 * they do at the login and what at LIST.
 */
public record ListLoad(String name, int octets) implements Load {

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
        server.restart();
        Cpu.awaitQuiet(Server.SETTLES);
        Times cold = list(server, effort);
        Figures figures = new Figures().with(Figure.LIST_MS, cold.all).with(Figure.LIST_ALONE_MS, cold.list);
        if (server.loseIndexes(ACCOUNT)) {
            server.restart();
            Cpu.awaitQuiet(Server.SETTLES);
            figures.with(Figure.REBUILT_LIST_MS, list(server, effort).all);
        }
        return figures.values();
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
