package org.postbus.benchmarks;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/** Loads a running platform over SMTP and prints what it took: see {@link Settings} for the options. */
public final class Load {

    private final Settings settings;
    private final Target target;
    private final Recorder latency = new Recorder(3);
    private final LongAdder refused = new LongAdder();
    private final LongAdder broken = new LongAdder();
    private volatile boolean running = true;

    private Load(Settings settings) {
        this.settings = settings;
        this.target = new Target(settings);
    }

    public static void main(String[] arguments) throws Exception {
        new Load(Settings.parse(List.of(arguments))).run();
    }

    private void run() throws IOException, InterruptedException {
        target.makeAccounts();
        try (ExecutorService sessions = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int n = 0; n < settings.connections(); n++) {
                int first = n * settings.recipients();
                sessions.submit(() -> send(first));
            }
            TimeUnit.SECONDS.sleep(settings.seconds() / 4);
            latency.reset();
            Sample start = target.sample();
            long heap = start.heap();
            for (int second = 0; second < settings.seconds(); second++) {
                TimeUnit.SECONDS.sleep(1);
                heap = Math.max(heap, target.sample().heap());
            }
            Histogram answered = latency.getIntervalHistogram();
            Sample end = target.sample();
            running = false;
            report(start, end, answered, heap);
        }
        reportDrain();
    }

    private void send(int first) {
        try {
            new Sender(settings, latency, refused).run(first, () -> running);
        } catch (IOException e) {
            broken.increment();
        }
    }

    private void report(Sample start, Sample end, Histogram answered, long heap) {
        double seconds = end.secondsSince(start);
        System.out.printf("%d connections, %d octets, %d recipients, %.0f s%n",
                settings.connections(), settings.size(), settings.recipients(), seconds);
        System.out.printf("accepted/s   %.0f%n", (end.accepted() - start.accepted()) / seconds);
        System.out.printf("filed/s      %.0f%n", (end.filed() - start.filed()) / seconds);
        System.out.printf("250 after    p50 %.1f ms, p99 %.1f ms, max %.1f ms%n",
                answered.getValueAtPercentile(50) / 1e3, answered.getValueAtPercentile(99) / 1e3, answered.getMaxValue() / 1e3);
        System.out.printf("refused      %d, connections broken %d%n", refused.sum(), broken.sum());
        System.out.printf("memory       heap at most %d MiB, resident %d MiB%n", heap >> 20, end.resident() >> 20);
        System.out.printf("backlog      %d mails accepted and not yet filed%n", end.accepted() - end.filed());
    }

    /** How long the backlog takes: accepted counts as sustained only where filing keeps up. */
    private void reportDrain() throws IOException, InterruptedException {
        Sample start = target.sample();
        Sample now = start;
        while (now.filed() < now.accepted() && now.secondsSince(start) < 300) {
            TimeUnit.MILLISECONDS.sleep(200);
            now = target.sample();
        }
        System.out.printf("drained      %d mails in %.1f s%n", now.filed() - start.filed(), now.secondsSince(start));
    }
}
