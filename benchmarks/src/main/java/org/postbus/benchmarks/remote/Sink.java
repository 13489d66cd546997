package org.postbus.benchmarks.remote;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/**
 * An SMTP server that takes every mail and forgets it, as cheaply as can be: it shares the machine with the server that relays
 * to it. Counts, and checks nothing. A thread for each connection.
 */
public final class Sink implements AutoCloseable {

    private static final int BACKLOG = 1000;

    private final List<ServerSocketChannel> listeners = new ArrayList<>();
    private final Set<SocketChannel> connections = ConcurrentHashMap.newKeySet();
    private final LongAdder mails = new LongAdder();
    private final LongAdder octets = new LongAdder();
    /** Microseconds, 1 to 10 minutes. */
    private final ConcurrentHistogram latency = new ConcurrentHistogram(1, 600_000_000L, 3);

    private Sink() {}

    /** Listens on so many ports of 127.0.0.1. */
    static Sink open(int ports) throws IOException {
        Sink sink = new Sink();
        for (int n = 0; n < ports; n++) {
            ServerSocketChannel listener = ServerSocketChannel.open();
            sink.listeners.add(listener);
            listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
            Thread.ofPlatform().daemon().name("sink-" + n).start(() -> sink.accept(listener));
        }
        return sink;
    }

    List<Integer> ports() {
        return listeners.stream().map(listener -> listener.socket().getLocalPort()).toList();
    }

    /** Mails taken since it was opened. */
    public long mails() {
        return mails.sum();
    }

    /** Of all mail data, dots that were doubled and the final one included. */
    public long octets() {
        return octets.sum();
    }

    /** How long mails with the moment of their beginning in a recipient were under way, in microseconds, since the last call. */
    public Histogram takeLatency() {
        Histogram taken = latency.copy();
        latency.reset();
        return taken;
    }

    /** The first recipient of a mail that was begun at that moment, by the monotonic clock of this process. */
    public static String recipient(long begun, String domain) {
        return SinkSession.STAMP + begun + "@" + domain;
    }

    void took(long mailOctets) {
        mails.increment();
        octets.add(mailOctets);
    }

    void tookAfter(long nanos) {
        latency.recordValue(Math.clamp(nanos / 1000, 1, latency.getHighestTrackableValue()));
    }

    @Override
    public void close() throws IOException {
        for (ServerSocketChannel listener : listeners) {
            listener.close();
        }
        for (SocketChannel connection : connections) {
            connection.close();
        }
    }

    private void accept(ServerSocketChannel listener) {
        try {
            while (true) {
                SocketChannel connection = listener.accept();
                connections.add(connection);
                Thread.ofPlatform().daemon().name("sink-session").start(() -> serve(connection));
            }
        } catch (ClosedChannelException e) {
            // It was closed by us.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void serve(SocketChannel connection) {
        try (connection) {
            new SinkSession(this, connection).run();
        } catch (IOException e) {
            // The client left, or we close: whoever counts sees what is missing.
        } finally {
            connections.remove(connection);
        }
    }
}
