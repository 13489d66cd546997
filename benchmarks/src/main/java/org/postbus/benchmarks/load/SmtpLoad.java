package org.postbus.benchmarks.load;

import java.io.IOException;
import java.util.Map;
import org.postbus.benchmarks.machine.Cpu;
import org.postbus.benchmarks.server.Server;

/**
 * Mail as fast as the server takes it. It is filed at the rate of all mails over the time until the last is filed, so
 * a backlog gains nothing.
 *
 * @param octets of each mail
 * @param reused whether a connection is used for many mails
 * @param backlog mails accepted and not yet filed above which nothing more is sent
 */
public record SmtpLoad(String name, int connections, int octets, int recipients, boolean reused, int backlog) implements Load {

    static final int NO_LIMIT = Integer.MAX_VALUE;
    private static final int LARGE = 1 << 20;

    @Override
    public String title() {
        return "%s, %d connection%s%s%s%s".formatted(size(octets), connections, connections == 1 ? "" : "s",
                reused ? "" : ", each mail on its own", recipients == 1 ? "" : ", " + recipients + " recipients a mail",
                backlog == NO_LIMIT ? "" : ", at most " + backlog + " mails of backlog");
    }

    @Override
    public Map<Figure, Double> run(Server server, Effort effort) throws IOException, InterruptedException {
        server.prepare(Delivery.accounts());
        Sessions sessions = new Sessions();
        Delivery delivery = Delivery.to(server, Mail.of(octets), recipients, reused);
        Cpu start = Cpu.now();
        long left;
        long filed;
        try (Filing filing = Filing.watch(server, recipients, backlog == NO_LIMIT ? 500 : 100)) {
            delivery.run(sessions, connections, Pace.within(backlog, sessions, filing, effort.seconds()));
            sessions.requireSome();
            left = sessions.count() - filing.look();
            filed = filing.await(sessions.count());
        }
        return figures(sessions, start, left, filed).values();
    }

    private Figures figures(Sessions sessions, Cpu start, long left, long filed) throws IOException {
        long mails = sessions.count();
        double accepting = (sessions.lastDone() - start.nanos()) / 1e9;
        double filing = (filed - start.nanos()) / 1e9;
        Figures figures = new Figures()
                .with(Figure.ACCEPTED, mails / accepting)
                .with(Figure.FILED, mails / filing)
                .with(Figure.BACKLOG, Math.max(0, left))
                .with(Figure.DRAIN, Math.max(0, filing - accepting))
                .with(Figure.REFUSED, sessions.refusals())
                .withLatency(sessions.latency())
                .withCpu(start, Cpu.now(), mails);
        if (octets >= LARGE) {
            double megabytes = mails * (double) octets / 1e6;
            figures.with(Figure.ACCEPTED_MB, megabytes / accepting).with(Figure.FILED_MB, megabytes / filing);
        }
        return figures;
    }

    static String size(int octets) {
        return octets >= LARGE ? octets / LARGE + " MiB" : octets / 1024 + " KB";
    }
}
