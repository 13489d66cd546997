package org.postbus.delivery.relay;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import javax.net.ssl.SSLSocket;
import org.postbus.delivery.DeliveryConfig;
import org.postbus.delivery.nexthop.Host;
import org.postbus.delivery.tlspolicy.CertificateCheck;
import org.postbus.protocol.smtp.client.ClientAction;
import org.postbus.protocol.smtp.client.ClientSettings;
import org.postbus.protocol.smtp.client.Failure;
import org.postbus.protocol.smtp.client.OutboundMail;
import org.postbus.protocol.smtp.client.Outcome;
import org.postbus.protocol.smtp.client.SmtpClientEngine;
import org.postbus.protocol.smtp.client.SmtpTimeouts;

/** Moves octets between a socket and a client engine. Blocks; belongs to one virtual thread. */
final class SmtpConnection implements AutoCloseable {

    private static final Duration FAREWELL = Duration.ofSeconds(5);
    /** A read ends at the deadline; what no read ends, such as a handshake octet by octet, ends with the socket a little later. */
    private static final Duration GRACE = Duration.ofSeconds(1);
    private static final int BUFFER = 64 * 1024;

    private final Host host;
    private final CertificateCheck tls;
    private final Duration wholeMail;
    private final SmtpClientEngine engine;
    private final byte[] buffer = new byte[BUFFER];
    private final Socket plain = new Socket();
    private Socket socket = plain;
    private InputStream in;
    private OutputStream out;
    private Optional<String> protection = Optional.empty();
    private long deadline;
    private boolean heard;

    /**
     * What came of a mail.
     *
     * @param heard whether the remote said anything while it was sent
     */
    record Sent(List<Outcome> outcomes, boolean remoteTells, boolean heard) {

        /** Whether the connection failed before the remote could have done anything about the mail. */
        boolean isNoAnswer() {
            return isOfHost(failure -> !failure.uncertain());
        }

        /** The same of a connection that had served before: one that was over says nothing, though the whole mail went into it. */
        boolean wasOver() {
            return isOfHost(failure -> !failure.uncertain() || !heard);
        }

        private boolean isOfHost(Predicate<Failure> also) {
            return outcomes.stream().allMatch(outcome -> outcome instanceof Outcome.TemporaryFailure(var to, var failure)
                    && failure.scope() == Failure.Scope.HOST && also.test(failure));
        }
    }

    /** The connection is of no use. */
    static final class Broken extends Exception {

        private static final long serialVersionUID = 1L;

        private final transient Failure failure;
        private final boolean tlsFailed;

        Broken(Failure failure, boolean tlsFailed) {
            super(failure.text());
            this.failure = failure;
            this.tlsFailed = tlsFailed;
        }

        Failure failure() {
            return failure;
        }

        /** Whether it broke at the handshake: in clear text it might not. */
        boolean tlsFailed() {
            return tlsFailed;
        }
    }

    private SmtpConnection(Host host, CertificateCheck tls, ClientSettings settings, Duration wholeMail) {
        this.host = host;
        this.tls = tls;
        this.wholeMail = wholeMail;
        this.engine = new SmtpClientEngine(settings);
    }

    /** Connects and greets; returns when the first mail may go, and breaks when it is broken off. */
    static SmtpConnection open(Host host, CertificateCheck tls, ClientSettings settings, DeliveryConfig.RelaySettings limits,
            Breaker breaker) throws Broken {
        SmtpConnection connection = new SmtpConnection(host, tls, settings, limits.mailTimeout());
        breaker.over(connection);
        boolean ready = false;
        try (var _ = connection.endsWithin(limits.mailTimeout())) {
            connection.connect(limits.connectTimeout(), settings.tls());
            connection.untilReady();
            ready = true;
            return connection;
        } finally {
            if (!ready) {
                connection.close();
            }
        }
    }

    /** From now on; whatever it waits for. */
    private Watchdog endsWithin(Duration atMost) {
        deadline = System.nanoTime() + atMost.toNanos();
        return Watchdog.over(plain, atMost.plus(GRACE));
    }

    Host host() {
        return host;
    }

    boolean isSecure() {
        return protection.isPresent();
    }

    /** For people: how the connection is protected. */
    String protection() {
        return protection.orElse("clear text");
    }

    private void connect(Duration timeout, boolean implicitTls) throws Broken {
        try {
            socket.setTcpNoDelay(true);
            socket.connect(new InetSocketAddress(host.address(), host.port()), (int) timeout.toMillis());
            use(socket);
        } catch (IOException e) {
            throw new Broken(failure("4.4.1", "no connection: " + e.getMessage()), false);
        }
        if (implicitTls) {
            try {
                handshake();
            } catch (IOException e) {
                throw new Broken(failure("4.7.5", "no TLS: " + e.getMessage()), true);
            }
        }
    }

    private void use(Socket used) throws IOException {
        socket = used;
        in = used.getInputStream();
        out = new BufferedOutputStream(used.getOutputStream(), BUFFER);
    }

    private void handshake() throws IOException {
        socket.setSoTimeout((int) Duration.ofMinutes(1).toMillis());
        SSLSocket secure = tls.over(socket, host.name());
        secure.startHandshake();
        use(secure);
        protection = Optional.of(secure.getSession().getProtocol() + " " + secure.getSession().getCipherSuite());
    }

    private void untilReady() throws Broken {
        while (true) {
            switch (step()) {
                case ClientAction.Ready _ -> {
                    return;
                }
                case ClientAction.StartTls _ -> startTls();
                case ClientAction.TlsRefused _ -> {
                    // Asked for where it is offered, and taken without where it is not: the engine goes on.
                }
                case ClientAction.Failed(var failure) -> throw new Broken(failure, false);
                case ClientAction.Closed _ -> throw new Broken(failure("4.4.2", "closed"), false);
                case ClientAction.Write _, ClientAction.NeedInput _, ClientAction.NeedContent _, ClientAction.Outcomes _ ->
                    throw new IllegalStateException("not between the greeting and the first mail");
            }
        }
    }

    private void startTls() throws Broken {
        try {
            out.flush();
            handshake();
            engine.tlsStarted();
        } catch (IOException e) {
            throw new Broken(failure("4.7.5", "no TLS: " + e.getMessage()), true);
        }
    }

    /**
     * Sends a mail.
     *
     * @throws Broken before anything was answered about it: the mail may go over another connection
     */
    Sent send(OutboundMail mail, InputStream octets) throws Broken {
        engine.send(mail);
        heard = false;
        try (var _ = endsWithin(wholeMail)) {
            return untilOutcomes(octets);
        }
    }

    private Sent untilOutcomes(InputStream octets) throws Broken {
        while (true) {
            switch (step()) {
                case ClientAction.NeedContent(int atMost) -> content(octets, atMost);
                case ClientAction.Outcomes(var outcomes, var dsn) -> {
                    return new Sent(outcomes, dsn, heard);
                }
                case ClientAction.Failed(var failure) -> throw new Broken(failure, false);
                case ClientAction.Closed _ -> throw new Broken(failure("4.4.2", "closed"), false);
                case ClientAction.Write _, ClientAction.NeedInput _, ClientAction.Ready _, ClientAction.StartTls _,
                        ClientAction.TlsRefused _ -> throw new IllegalStateException("not within a mail");
            }
        }
    }

    /** Whether another mail may go over it; says RSET where that is needed first. */
    boolean usable() {
        return step() instanceof ClientAction.Ready;
    }

    private void content(InputStream octets, int atMost) {
        try {
            int read = octets.read(buffer, 0, Math.min(atMost, buffer.length));
            if (read < 0) {
                engine.contentFailed("the mail is shorter than it was said to be");
            } else {
                engine.content(buffer, 0, read);
            }
        } catch (IOException e) {
            engine.contentFailed("the mail cannot be read just now");
        }
    }

    /** Moves octets until the engine asks for something else. */
    private ClientAction step() {
        while (true) {
            switch (engine.next()) {
                case ClientAction.Write(var octets, int offset, int length) -> write(octets, offset, length);
                case ClientAction.NeedInput(Duration atMost) -> read(atMost);
                case ClientAction other -> {
                    return other;
                }
            }
        }
    }

    private void write(byte[] octets, int offset, int length) {
        try (var _ = Watchdog.over(plain, SmtpTimeouts.DATA_BLOCK)) {
            out.write(octets, offset, length);
        } catch (IOException e) {
            lost();
        }
    }

    /** A remote that refuses and closes while it is written to has said why. */
    private void lost() {
        try {
            socket.setSoTimeout(1);
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                receive(read);
            }
        } catch (IOException e) {
            // There is nothing more.
        }
        engine.connectionLost();
    }

    private void read(Duration atMost) {
        long left = Math.min(atMost.toMillis(), Duration.ofNanos(deadline - System.nanoTime()).toMillis());
        if (left <= 0) {
            engine.timedOut();
            return;
        }
        try {
            try (var _ = Watchdog.over(plain, SmtpTimeouts.DATA_BLOCK)) {
                out.flush();
            }
            socket.setSoTimeout((int) left);
            int read = in.read(buffer);
            if (read < 0) {
                engine.connectionLost();
            } else {
                receive(read);
            }
        } catch (SocketTimeoutException e) {
            engine.timedOut();
        } catch (IOException e) {
            lost();
        }
    }

    private void receive(int length) {
        heard = true;
        engine.receive(buffer, 0, length);
    }

    private static Failure failure(String status, String text) {
        return new Failure(Failure.Scope.HOST, status, text, Optional.empty(), false);
    }

    /** Says QUIT where that is possible, and does not wait long for the answer. */
    void quit() {
        try (var _ = endsWithin(FAREWELL)) {
            if (usable()) {
                engine.quit();
                step();
            }
        }
        close();
    }

    @Override
    public void close() {
        try {
            plain.close();
        } catch (IOException e) {
            // It is gone, which is what was wanted.
        }
    }
}
