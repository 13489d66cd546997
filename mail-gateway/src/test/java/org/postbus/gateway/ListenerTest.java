package org.postbus.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.postbus.protocol.address.AddressRange;

class ListenerTest {

    private static final String REFUSAL = "421 too many connections\r\n";

    private final Vertx vertx = Vertx.vertx();
    private final Set<String> loops = ConcurrentHashMap.newKeySet();
    private final AtomicLong received = new AtomicLong();

    @AfterEach
    void close() throws Exception {
        await(vertx.close());
    }

    /** Answers each octet with a thousand; says bye when the gateway drains and when its deadline passes. */
    private final class Echo implements Session {
        private final Connection connection;

        Echo(Connection connection) {
            this.connection = connection;
            loops.add(Thread.currentThread().getName());
            connection.write("hello\r\n".getBytes(StandardCharsets.US_ASCII));
        }

        @Override
        public void onOctets(Buffer octets) {
            received.addAndGet(octets.length());
            connection.expectWithin(Duration.ofMillis(octets.getByte(0) == 't' ? 20 : 60_000));
            connection.write(new byte[1000 * octets.length()]);
        }

        @Override
        public void onDeadline() {
            connection.write("late\r\n".getBytes(StandardCharsets.US_ASCII));
            connection.closeAfterFlush();
        }

        @Override
        public void onDrain() {
            connection.closeAfterFlush();
        }

        @Override
        public void onClosed() { }
    }

    @Test
    void refusesConnectionsOverALimitAndAdmitsAgainWhenOneLeaves() throws Exception {
        Listener listener = start(2, Duration.ofSeconds(5));
        try (Socket one = connect(listener); Socket two = connect(listener)) {
            assertEquals("hello\r\n", line(one));
            assertEquals("hello\r\n", line(two));
            try (Socket three = connect(listener)) {
                assertEquals(REFUSAL, line(three));
                assertEquals(-1, three.getInputStream().read());
            }
            one.close();
            until(() -> listener.open() == 1);
            try (Socket again = connect(listener)) {
                assertEquals("hello\r\n", line(again));
            }
        }
        assertEquals(1, listener.refused());
    }

    @Test
    void dealsConnectionsOutAmongTheLoops() throws Exception {
        Listener listener = start(50, Duration.ofSeconds(5));
        for (int i = 0; i < 8; i++) {
            try (Socket socket = connect(listener)) {
                line(socket);
            }
        }
        assertEquals(2, loops.size());
    }

    @Test
    void readsNoMoreFromAPeerThatNeverReads() throws Exception {
        Listener listener = start(2, Duration.ofSeconds(5));
        try (Socket socket = connect(listener)) {
            socket.setSendBufferSize(16 * 1024);
            Thread writer = Thread.startVirtualThread(() -> flood(socket));
            assertFalse(writer.join(Duration.ofSeconds(1)), "the peer could write all it wanted");
            assertTrue(received.get() < 1_000_000, "octets read: " + received);
        }
    }

    @Test
    void theDeadlineStartsAnewWithEachCall() throws Exception {
        Listener listener = start(2, Duration.ofSeconds(5));
        try (Socket socket = connect(listener)) {
            line(socket);
            socket.getOutputStream().write('x');
            socket.getInputStream().readNBytes(1000);
            socket.getOutputStream().write('t');
            socket.getInputStream().readNBytes(1000);
            assertEquals("late\r\n", line(socket));
        }
    }

    @Test
    void drainTellsEachSessionAndRefusesNewOnes() throws Exception {
        Listener listener = start(2, Duration.ofSeconds(5));
        try (Socket socket = connect(listener)) {
            line(socket);
            await(listener.drain());
            assertEquals(-1, socket.getInputStream().read());
        }
    }

    @Test
    void countsAnIpv6NetworkAsOneAddress() throws Exception {
        ConnectionLimits limits = new ConnectionLimits(10, 1);
        InetAddress one = InetAddress.getByName("2001:db8:0:1::1");
        assertTrue(one instanceof Inet6Address);
        assertTrue(limits.admit(one));
        assertFalse(limits.admit(InetAddress.getByName("2001:db8:0:1:ffff::2")));
        assertTrue(limits.admit(InetAddress.getByName("2001:db8:0:2::1")));
        assertTrue(limits.admit(InetAddress.getByName("192.0.2.1")));
        limits.leave(one);
        assertTrue(limits.admit(one));
    }

    @Test
    void aSessionBehindAProxyHearsItsAnswersOnItsOwnLoop() throws Exception {
        Set<String> strangers = ConcurrentHashMap.newKeySet();
        Listener listener = start(10, Duration.ZERO, List.of(AddressRange.parse("127.0.0.0/8")), connection -> {
            String own = Thread.currentThread().getName();
            vertx.getOrCreateContext().runOnContext(ignored -> {
                if (!own.equals(Thread.currentThread().getName())) {
                    strangers.add(own + " answered on " + Thread.currentThread().getName());
                }
                connection.write("answered\r\n".getBytes(StandardCharsets.US_ASCII));
            });
            return new Echo(connection);
        });
        for (int i = 0; i < 20; i++) {
            try (Socket socket = connect(listener)) {
                socket.getOutputStream().write("PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n".getBytes(StandardCharsets.US_ASCII));
                assertEquals("hello\r\n", line(socket));
                assertEquals("answered\r\n", line(socket));
            }
        }
        assertEquals(Set.of(), strangers);
    }

    private Listener start(int perAddress, Duration drain) throws Exception {
        return start(perAddress, drain, List.of(), Echo::new);
    }

    private Listener start(int perAddress, Duration drain, List<AddressRange> proxies, Session.Factory factory) throws Exception {
        Listener listener = new Listener(vertx, new ListenerSettings("test", "127.0.0.1", 0, 2, new ConnectionLimits(100, perAddress),
                REFUSAL, drain, Optional.empty(), false, proxies), factory, ignored -> { });
        await(listener.start());
        return listener;
    }

    private static void flood(Socket socket) {
        try {
            byte[] block = new byte[10_000];
            for (int i = 0; i < 10_000; i++) {
                socket.getOutputStream().write(block);
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    private static Socket connect(Listener listener) throws IOException {
        Socket socket = new Socket("127.0.0.1", listener.port());
        socket.setSoTimeout(10_000);
        return socket;
    }

    private static String line(Socket socket) throws IOException {
        StringBuilder line = new StringBuilder();
        while (line.length() < 2 || line.charAt(line.length() - 1) != '\n') {
            int octet = socket.getInputStream().read();
            if (octet < 0) {
                throw new SocketException("closed after " + line);
            }
            line.append((char) octet);
        }
        return line.toString();
    }

    private static void until(BooleanSupplier condition) throws SocketTimeoutException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new SocketTimeoutException("condition not reached");
            }
            Thread.onSpinWait();
        }
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }
}
