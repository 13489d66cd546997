package org.postbus.pop3gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.postbus.protocol.transcript.LineSocket.octets;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postbus.gateway.Certificates;
import org.postbus.gateway.Connection;
import org.postbus.gateway.ConnectionLimits;
import org.postbus.gateway.Listener;
import org.postbus.gateway.ListenerSettings;
import org.postbus.gateway.Session;
import org.postbus.protocol.pop3.TestMaildrop;
import org.postbus.protocol.transcript.LineSocket;

/** STLS, POP3S, and what stands before a session: the PROXY protocol. */
class SecureSessionTest {

    private static final String NAME = "a@pop3.test";
    private static final String STRANGER = "PROXY TCP4 192.0.2.7 127.0.0.1 40000 110\r\n";

    private Platform platform;

    @BeforeEach
    void start() throws Exception {
        platform = Platform.start(new TestMaildrop().account(NAME, "secret"), Map.of());
    }

    @AfterEach
    void stop() throws Exception {
        platform.close();
    }

    @Test
    void whatStandsBehindStlsInClearTextIsNobodys() throws Exception {
        try (LineSocket client = new LineSocket(platform.address())) {
            client.line();
            client.send(octets("STLS\r\nUSER " + NAME + "\r\n"));
            assertTrue(client.line().startsWith("+OK "));
            client.handshake();
            client.send(octets("PASS secret\r\n"));
            assertEquals("-ERR USER comes first", client.line());
        }
    }

    @Test
    void aHandshakeThatIsNoneEndsTheSession() throws Exception {
        try (LineSocket client = new LineSocket(platform.address())) {
            client.line();
            client.send(octets("STLS\r\n"));
            client.line();
            client.send(octets("CAPA\r\n"));
            assertEquals("", client.line());
        }
    }

    @Test
    void underTlsOfEitherPortTheLoginIsTheSame() throws Exception {
        for (boolean implicit : new boolean[] {false, true}) {
            try (LineSocket client = new LineSocket(implicit ? platform.secureAddress() : platform.address())) {
                if (implicit) {
                    client.handshake();
                    client.line();
                } else {
                    client.line();
                    client.send(octets("STLS\r\n"));
                    client.line();
                    client.handshake();
                }
                assertEquals("TLSv1.3", client.tls().getProtocol());
                String response = Base64.getEncoder().encodeToString(octets("\0" + NAME + "\0secret"));
                client.send(octets("AUTH PLAIN " + response + "\r\nQUIT\r\n"));
                assertEquals("+OK 0 messages (0 octets)", client.line());
                assertEquals("+OK bye", client.line());
            }
        }
    }

    /**
     * A man in the middle who lets much be written unread holds the handshake back; what he sends meanwhile must not wait in a
     * queue until it looks like the client's own.
     */
    @Test
    void whatComesBeforeTheHandshakeEndsTheConnectionHoweverLongItIsHeldBack() throws Exception {
        Vertx vertx = Vertx.vertx();
        AtomicReference<HeldBack> session = new AtomicReference<>();
        Certificates certificates = new Certificates(vertx, new OneCertificate().get("").orElseThrow().getKeyStoreOptions());
        Listener listener = new Listener(vertx, new ListenerSettings("held back", "127.0.0.1", 0, 1, new ConnectionLimits(10, 10), "",
                Duration.ZERO, Optional.of(certificates), false, List.of()), connection -> {
                    session.set(new HeldBack(connection));
                    return session.get();
                }, ignored -> { });
        listener.start().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        try (LineSocket client = new LineSocket(new InetSocketAddress("127.0.0.1", listener.port()))) {
            client.send(octets("go"));
            Platform.until(() -> session.get() != null && session.get().begun);
            client.send(octets("INJECTED\r\n"));
            Platform.until(() -> session.get().closed);
            assertFalse(session.get().injected);
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        }
    }

    /** Writes more than a peer takes that does not read, and begins TLS behind it. */
    private static final class HeldBack implements Session {

        private final Connection connection;
        private volatile boolean begun;
        private volatile boolean injected;
        private volatile boolean closed;

        HeldBack(Connection connection) {
            this.connection = connection;
        }

        @Override
        public void onOctets(Buffer octets) {
            injected = begun;
            connection.write(new byte[32 * 1024 * 1024]);
            connection.startTls();
            connection.holdReading();
            begun = true;
        }

        @Override
        public void onDeadline() { }

        @Override
        public void onDrain() { }

        @Override
        public void onClosed() {
            closed = true;
        }
    }

    /** The rule for clear text looks at the client and not at the proxy, which is this machine. */
    @Test
    void behindAProxyTheClientIsWhomItNames() throws Exception {
        try (Platform behind = Platform.start(new TestMaildrop().account(NAME, "secret"), Map.of("pop3.proxies", "127.0.0.0/8"));
                LineSocket client = new LineSocket(behind.address())) {
            client.send(octets(STRANGER + "CAPA\r\nUSER " + NAME + "\r\n"));
            String said = "";
            for (String line = client.line(); !line.startsWith("-ERR"); line = client.line()) {
                said += line + "\n";
            }
            assertTrue(said.contains("STLS\n") && !said.contains("USER\nSASL") && !said.contains("SASL"), said);
            client.send(octets("STLS\r\n"));
            assertTrue(client.line().startsWith("+OK "));
            client.handshake();
            client.send(octets("USER " + NAME + "\r\nPASS secret\r\n"));
            assertEquals("+OK send PASS", client.line());
            assertEquals("+OK 0 messages (0 octets)", client.line());
            assertEquals("192.0.2.7", behind.mailbox.clients.getLast());
        }
    }

    @Test
    void fromAnyoneElseTheHeaderIsACommandLikeOthers() throws Exception {
        try (LineSocket client = new LineSocket(platform.address())) {
            client.line();
            client.send(octets(STRANGER));
            assertEquals("-ERR unknown command", client.line());
        }
    }
}
