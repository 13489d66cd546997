package org.postbus.benchmarks.load;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.postbus.benchmarks.remote.Elsewhere;
import org.postbus.benchmarks.remote.Sink;
import org.postbus.benchmarks.server.Server;

/**
 * Fresh mail to be relayed, without and with a queue of recipients whose destinations are dead: its highest rate, and at a
 * fixed rate the time from the moment at which each mail should have begun until the sink has taken it. Leaves the queue behind.
 */
public record DeferredLoad(String name, int connections, int octets) implements Load {

    /** Of each mail: more than every server has to take (RFC 5321, section 4.5.3.1.8), as many as ours does by default. */
    private static final int RECIPIENTS = Elsewhere.DEAD_DOMAINS;
    /** So much longer than without them: they are to come due again meanwhile. */
    private static final int LONGER = 3;
    private static final int FEW = 4;
    private static final int BACKLOG = 500;
    private static final long GIVE_UP_MINUTES = 10;

    /** What fresh mail got. */
    private record Fresh(Map<Figure, Double> figures, Histogram latency) {}

    @Override
    public String title() {
        return "%s, %d connections, relayed beside deferred mail; latency: until it is relayed, at the same rate"
                .formatted(SmtpLoad.size(octets), connections);
    }

    @Override
    public boolean suits(Server server) throws IOException, InterruptedException {
        return server.deferrals().isPresent();
    }

    @Override
    public Map<Figure, Double> run(Server server, Effort effort) throws IOException, InterruptedException {
        server.prepare(Delivery.accounts());
        // The server may have been restarted since it was warm.
        fast().run(server, effort.withSeconds(effort.warmUp()));
        Fresh alone = fresh(server, effort);
        defer(server, effort.deferred());
        long deferrals = deferrals(server);
        long start = System.nanoTime();
        Fresh beside = fresh(server, effort.withSeconds(LONGER * effort.seconds()));
        double again = (deferrals(server) - deferrals) * 1e9 / (System.nanoTime() - start);
        double relayedAlone = alone.figures().get(Figure.RELAYED);
        double relayed = beside.figures().get(Figure.RELAYED);
        return new Figures()
                .with(Figure.RELAYED, relayed)
                .with(Figure.RELAYED_ALONE, relayedAlone)
                .with(Figure.KEPT, relayed / relayedAlone)
                .with(Figure.RATE, effort.rate())
                .withLatency(beside.latency())
                .with(Figure.P50_ALONE_MS, alone.latency().getValueAtPercentile(50) / 1e3)
                .with(Figure.P99_ALONE_MS, alone.latency().getValueAtPercentile(99) / 1e3)
                .with(Figure.DEFERRED, effort.deferred() * RECIPIENTS)
                .with(Figure.DEFERRALS, again)
                .with(Figure.CPU_MS, beside.figures().get(Figure.CPU_MS))
                .with(Figure.REFUSED, alone.figures().get(Figure.REFUSED) + beside.figures().get(Figure.REFUSED))
                .values();
    }

    private Fresh fresh(Server server, Effort effort) throws IOException, InterruptedException {
        return new Fresh(fast().run(server, effort), latency(server, effort));
    }

    private RelayLoad fast() {
        return new RelayLoad(name, connections, octets, Elsewhere.DOMAINS, BACKLOG);
    }

    private Histogram latency(Server server, Effort effort) throws IOException, InterruptedException {
        Sink sink = server.elsewhere().sink();
        Mail mail = Mail.of(octets);
        Sessions sessions = new Sessions();
        sink.takeLatency();
        try (Filing relaying = Filing.watch(sink::mails, 500)) {
            new Delivery(server.smtpPort(), mail, Envelopes.stamped(mail), 1, true)
                    .run(sessions, connections, Pace.atRate(effort.rate(), effort.seconds()));
            sessions.requireSome();
            relaying.await(sessions.count());
        }
        return sink.takeLatency();
    }

    /** By few mails with many recipients; waits until all have been attempted. */
    private void defer(Server server, int thousands) throws IOException, InterruptedException {
        Mail mail = Mail.of(octets);
        Sessions sessions = new Sessions();
        long before = deferrals(server);
        new Delivery(server.smtpPort(), mail, Envelopes.toTheDead(mail), RECIPIENTS, true)
                .run(sessions, FEW, Pace.times(thousands));
        if (sessions.count() < thousands) {
            throw new IOException(thousands - sessions.count() + " of the mails for dead destinations were not accepted");
        }
        long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(GIVE_UP_MINUTES);
        while (deferrals(server) - before < (long) thousands * RECIPIENTS) {
            if (System.nanoTime() > deadline) {
                throw new IOException("%d recipients are deferred after %d minutes"
                        .formatted(deferrals(server) - before, GIVE_UP_MINUTES));
            }
            TimeUnit.SECONDS.sleep(1);
        }
    }

    private static long deferrals(Server server) throws IOException, InterruptedException {
        return server.deferrals().orElseThrow();
    }
}
