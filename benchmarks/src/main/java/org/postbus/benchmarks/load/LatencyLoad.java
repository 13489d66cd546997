package org.postbus.benchmarks.load;

import java.io.IOException;
import java.util.Map;
import org.postbus.benchmarks.machine.Cpu;
import org.postbus.benchmarks.server.Server;

/**
 * Mail at a fixed rate, whatever the server does: the time from the moment at which each mail should have begun to its
 * 250.
 *
 * @param share of the server's own highest rate; 0: the rate that is the same for every server
 */
public record LatencyLoad(String name, int connections, int octets, double share) implements Load {

    @Override
    public String title() {
        return "%s, %d connections, at %s".formatted(SmtpLoad.size(octets), connections,
                share == 0 ? "the same rate" : Math.round(share * 100) + " % of its own highest rate");
    }

    @Override
    public Map<Figure, Double> run(Server server, Effort effort) throws IOException, InterruptedException {
        server.prepare(Delivery.accounts());
        double rate = share == 0 ? effort.rate() : share * highest(server, effort);
        Delivery delivery = Delivery.to(server, Mail.of(octets), 1, true);
        Sessions sessions = new Sessions();
        Cpu start = Cpu.now();
        try (Filing filing = Filing.watch(server, 1, 500)) {
            delivery.run(sessions, connections, Pace.atRate(rate, effort.seconds()));
            sessions.requireSome();
            filing.await(sessions.count());
        }
        return new Figures()
                .with(Figure.RATE, rate)
                .with(Figure.REFUSED, sessions.refusals())
                .withLatency(sessions.latency())
                .withCpu(start, Cpu.now(), sessions.count())
                .values();
    }

    private double highest(Server server, Effort effort) throws IOException, InterruptedException {
        SmtpLoad load = new SmtpLoad(name, connections, octets, 1, true, SmtpLoad.NO_LIMIT);
        return load.run(server, effort.withSeconds(effort.seconds() / 2)).get(Figure.ACCEPTED);
    }
}
