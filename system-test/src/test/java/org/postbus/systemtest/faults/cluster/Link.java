package org.postbus.systemtest.faults.cluster;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.postbus.systemtest.Ports;

/**
 * A TCP proxy between clients and the replicas of a server, which it takes in turn: a network that can be slow, cut,
 * or dead in one direction.
 */
public final class Link implements AutoCloseable {

    /** What gets through. Octets that do not are held, as by a network that drops packets, and come when it is back. */
    public enum State {
        OPEN, CUT, ONLY_TO_SERVER, ONLY_TO_CLIENT;

        boolean lets(boolean toServer) {
            return switch (this) {
                case OPEN -> true;
                case CUT -> false;
                case ONLY_TO_SERVER -> toServer;
                case ONLY_TO_CLIENT -> !toServer;
            };
        }
    }

    private static final int CONNECT_MILLIS = 2_000;

    private final String name;
    private final ServerSocket listener;
    private final List<Integer> targets = new CopyOnWriteArrayList<>();
    private final AtomicInteger turn = new AtomicInteger();
    private final Set<LinkConnection> connections = ConcurrentHashMap.newKeySet();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final AtomicInteger commitsToCut = new AtomicInteger();
    private final AtomicInteger commitsCut = new AtomicInteger();
    private State state = State.OPEN;
    private volatile Duration delay = Duration.ZERO;

    Link(String name, List<Integer> targets) throws IOException {
        this.name = name;
        this.targets.addAll(targets);
        this.listener = new ServerSocket();
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), Ports.next()), 200);
        Thread.ofVirtual().name("link " + name).start(this::accept);
    }

    public int port() {
        return listener.getLocalPort();
    }

    /** What it connects, for people. */
    public String name() {
        return name;
    }

    public void set(State wanted) {
        lock.lock();
        try {
            state = wanted;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Holds each piece for so long. */
    public void delay(Duration time) {
        delay = time;
    }

    /** Resets every connection; new ones come through. */
    public void reset() {
        connections.forEach(LinkConnection::reset);
    }

    /** From now on the next so many COMMITs of PostgreSQL clients reach the server and their replies do not come back. */
    public void cutCommits(int count) {
        commitsToCut.set(count);
    }

    /** How many connections were cut between COMMIT and its reply. */
    public int commitsCut() {
        return commitsCut.get();
    }

    /** The replicas behind it. */
    void target(List<Integer> ports) {
        targets.addAll(ports);
        targets.retainAll(ports);
    }

    @Override
    public void close() throws IOException {
        listener.close();
        set(State.OPEN);
        reset();
    }

    /** Whether the COMMIT that just goes by is one to cut. */
    boolean takeCommit() {
        boolean taken = commitsToCut.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
        if (taken) {
            commitsCut.incrementAndGet();
        }
        return taken;
    }

    /** Returns when octets may pass. */
    void awaitPassage(boolean toServer) throws InterruptedException {
        Duration time = delay;
        if (!time.isZero()) {
            TimeUnit.NANOSECONDS.sleep(time.toNanos());
        }
        lock.lock();
        try {
            while (!state.lets(toServer)) {
                changed.await();
            }
        } finally {
            lock.unlock();
        }
    }

    void ended(LinkConnection connection) {
        connections.remove(connection);
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                Thread.ofVirtual().start(() -> connect(client));
            } catch (IOException e) {
                // Closed, or the client was gone before we took it.
            }
        }
    }

    /** Where no replica answers the client's connection is reset, as if there were no proxy. */
    private void connect(Socket client) {
        int first = turn.getAndIncrement();
        List<Integer> ports = List.copyOf(targets);
        for (int n = 0; n < ports.size(); n++) {
            Socket server = new Socket();
            try {
                server.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(),
                        ports.get(Math.floorMod(first + n, ports.size()))), CONNECT_MILLIS);
                LinkConnection connection = new LinkConnection(this, client, server);
                connections.add(connection);
                connection.start();
                return;
            } catch (IOException e) {
                LinkConnection.reset(server);
            }
        }
        LinkConnection.reset(client);
    }
}
