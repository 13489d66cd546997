package org.postbus.benchmarks.load;

import java.io.IOException;
import java.util.Map;
import org.postbus.benchmarks.machine.Cpu;
import org.postbus.benchmarks.remote.Sink;
import org.postbus.benchmarks.server.Server;

/**
 * Mail for others as fast as the server takes it. It is relayed at the rate of all mails over the time until the sink has
 * taken the last, so a backlog gains nothing.
 *
 * @param octets of each mail
 * @param domains that the mails are for, in turn, each with a mail server of its own
 * @param backlog mails accepted and not yet relayed above which nothing more is sent
 */
public record RelayLoad(String name, int connections, int octets, int domains, int backlog) implements Load {

    @Override
    public String title() {
        return "%s, %d connections, relayed to %d domain%s%s".formatted(SmtpLoad.size(octets), connections, domains,
                domains == 1 ? "" : "s", backlog == SmtpLoad.NO_LIMIT ? "" : ", at most " + backlog + " mails of backlog");
    }

    @Override
    public Map<Figure, Double> run(Server server, Effort effort) throws IOException, InterruptedException {
        server.prepare(Delivery.accounts());
        Sink sink = server.elsewhere().sink();
        long octetsBefore = sink.octets();
        Mail mail = Mail.of(octets);
        Sessions sessions = new Sessions();
        Delivery delivery = new Delivery(server.smtpPort(), mail, Envelopes.elsewhere(mail, domains), 1, true);
        Cpu start = Cpu.now();
        long left;
        long relayed;
        try (Filing relaying = Filing.watch(sink::mails, 10)) {
            delivery.run(sessions, connections, Pace.within(backlog, sessions, relaying, effort.seconds()));
            sessions.requireSome();
            left = sessions.count() - relaying.look();
            relayed = relaying.await(sessions.count());
        }
        requireAll(sink.octets() - octetsBefore, sessions.count() * mail.data().capacity());
        return figures(sessions, start, left, relayed);
    }

    private Map<Figure, Double> figures(Sessions sessions, Cpu start, long left, long relayed) throws IOException {
        long mails = sessions.count();
        double accepting = (sessions.lastDone() - start.nanos()) / 1e9;
        double relaying = (relayed - start.nanos()) / 1e9;
        return new Figures()
                .with(Figure.ACCEPTED, mails / accepting)
                .with(Figure.RELAYED, mails / relaying)
                .with(Figure.BACKLOG, Math.max(0, left))
                .with(Figure.DRAIN, Math.max(0, relaying - accepting))
                .with(Figure.REFUSED, sessions.refusals())
                .withLatency(sessions.latency())
                .withCpu(start, Cpu.now(), mails)
                .values();
    }

    /** Trace fields come on top. */
    private static void requireAll(long relayed, long sent) throws IOException {
        if (relayed < sent) {
            throw new IOException("of " + sent + " octets " + relayed + " were relayed");
        }
    }
}
