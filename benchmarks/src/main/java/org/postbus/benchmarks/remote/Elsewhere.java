package org.postbus.benchmarks.remote;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.stream.IntStream;

/** The mail servers of other domains: one that takes everything, on a port for each of its domains, and many that are dead. */
public final class Elsewhere implements AutoCloseable {

    /** Of the sink. More than one, as a server may serve each destination by so many connections only. */
    public static final int DOMAINS = 10;
    /** Each has a mail server of its own that does not answer. */
    public static final int DEAD_DOMAINS = 1000;

    private final Sink sink;
    /** Bound to all addresses, so that nobody takes the port, and not listening, so that every connection is refused. */
    private final SocketChannel dead;

    /** A domain and its mail server, an address on loopback. */
    public record Domain(String name, String host, int port) {}

    private Elsewhere(Sink sink, SocketChannel dead) {
        this.sink = sink;
        this.dead = dead;
    }

    public static Elsewhere open() throws IOException {
        return new Elsewhere(Sink.open(DOMAINS), SocketChannel.open().bind(new InetSocketAddress(0)));
    }

    public Sink sink() {
        return sink;
    }

    /** Those that take mail. */
    public List<Domain> domains() {
        List<Integer> ports = sink.ports();
        return IntStream.range(0, DOMAINS).mapToObj(n -> new Domain(domain(n), "127.0.0.1", ports.get(n))).toList();
    }

    /** Those whose mail servers refuse every connection. */
    public List<Domain> deadDomains() throws IOException {
        int port = ((InetSocketAddress) dead.getLocalAddress()).getPort();
        return IntStream.range(0, DEAD_DOMAINS)
                .mapToObj(n -> new Domain(deadDomain(n), "127.1.%d.%d".formatted(n / 250, 1 + n % 250), port)).toList();
    }

    /** @param n 0 to {@link #DOMAINS} - 1 */
    public static String domain(int n) {
        return "sink" + n + ".test";
    }

    /** @param n 0 to {@link #DEAD_DOMAINS} - 1 */
    public static String deadDomain(int n) {
        return "dead" + n + ".test";
    }

    @Override
    public void close() throws IOException {
        sink.close();
        dead.close();
    }
}
