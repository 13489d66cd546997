package org.postbus.benchmarks.jmh;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.postbus.events.directory.LargeDirectory;
import org.postbus.events.directory.Resolution;
import org.postbus.events.directory.Resolver;

/** Where an address leads, in a directory of 100,000 addresses; each call asks for another one. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ResolverBenchmark {

    private static final int ASKED = 4096;
    /** Prime, so that neighbours in the question are none in the table. */
    private static final int STRIDE = 7919;

    private final Resolver resolver = new Resolver(LargeDirectory.make());
    private final String[] accounts = asked(LargeDirectory::account);
    private final String[] aliases = asked(LargeDirectory::alias);
    private final String[] tagged = asked(LargeDirectory::tagged);
    private final String[] caught = asked(LargeDirectory::caught);
    private final String[] unknown = asked(LargeDirectory::unknown);
    private final String[] remote = asked(n -> "user" + n + "@elsewhere.test");
    private int next;

    private interface Name {
        String of(int n);
    }

    @Benchmark
    public Resolution account() {
        return resolve(accounts);
    }

    @Benchmark
    public Resolution alias() {
        return resolve(aliases);
    }

    @Benchmark
    public Resolution tagged() {
        return resolve(tagged);
    }

    @Benchmark
    public Resolution catchAll() {
        return resolve(caught);
    }

    @Benchmark
    public Resolution unknown() {
        return resolve(unknown);
    }

    @Benchmark
    public Resolution remote() {
        return resolve(remote);
    }

    private Resolution resolve(String[] addresses) {
        next = (next + 1) % ASKED;
        return resolver.resolve(addresses[next]);
    }

    private static String[] asked(Name name) {
        String[] addresses = new String[ASKED];
        for (int i = 0; i < ASKED; i++) {
            addresses[i] = name.of(i * STRIDE % LargeDirectory.ACCOUNTS);
        }
        return addresses;
    }
}
