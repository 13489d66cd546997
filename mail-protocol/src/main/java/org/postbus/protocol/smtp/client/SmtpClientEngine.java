package org.postbus.protocol.smtp.client;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.function.BiConsumer;
import org.postbus.protocol.sasl.Credentials;
import org.postbus.protocol.sasl.SaslMechanism;
import org.postbus.protocol.smtp.client.ClientState.Step;

/**
 * One connection to a remote SMTP server as its client sees it (RFC 5321). Octets come in by {@link #receive}, {@link #next} hands
 * out what to do, one action at a time. Any number of mails go over it, one after the other: {@link #send} whenever it is ready.
 *
 * <p>Nothing that a remote sends makes it throw, claim more memory than one reply takes, or tell of a recipient as relayed for whom
 * the remote has not answered both RCPT and the mail data with 2yz. Mail data pass through and are never kept.
 *
 * <p>Not for several threads at once. Everything that affects the order of a connection lives in this file, of a mail in
 * {@code OutboundTransaction}.
 */
public final class SmtpClientEngine {

    private static final ClientState IDLE = new ClientState.Idle();
    private static final ClientAction START_TLS = new ClientAction.StartTls();
    private static final ClientAction CLOSED = new ClientAction.Closed();

    private final ClientSettings settings;
    private final ReplyReader replies = new ReplyReader();
    private final Queue<ClientAction> ready = new ArrayDeque<>(4);

    private ClientState state = new ClientState.Awaiting(Step.GREETING);
    private Capabilities capabilities = Capabilities.NONE;
    private boolean tls;
    /** Why no more octets come. What came before is still read: a remote that refuses may say so and close at once. */
    private Optional<Failure> lost = Optional.empty();

    /** Begins with the remote's greeting. */
    public SmtpClientEngine(ClientSettings settings) {
        this.settings = settings;
        this.tls = settings.tls();
    }

    // What the host tells

    /** Takes a copy of octets of the remote. */
    public void receive(byte[] octets, int from, int length) {
        if (state instanceof ClientState.Handshaking && length > 0) {
            injected();
        } else if (!(state instanceof ClientState.Ended)) {
            replies.append(octets, from, length);
        }
    }

    /** The connection has ended, or a write to it failed. Replies that came before still count. */
    public void connectionLost() {
        lose("connection lost");
    }

    /** The remote took longer than {@link ClientAction.NeedInput} allows, or did not take what was written. */
    public void timedOut() {
        lose("timed out");
    }

    private void lose(String text) {
        lost = lost.or(() -> Optional.of(Failure.of(Failure.Scope.HOST, "4.4.2", text)));
    }

    /**
     * The handshake has ended well: all that the remote said before is forgotten (RFC 3207, section 4.2).
     *
     * @throws IllegalStateException where no handshake was asked for
     */
    public void tlsStarted() {
        if (state instanceof ClientState.Ended) {
            return;
        }
        require(state instanceof ClientState.Handshaking, "no handshake was asked for");
        tls = true;
        capabilities = Capabilities.NONE;
        command(Step.EHLO, "EHLO " + settings.hostname());
    }

    /**
     * The handshake has failed, or the host does not like whom it ended with. A host that would rather send in clear text connects
     * again.
     *
     * @param why in one line
     */
    public void tlsFailed(String why) {
        fail(Failure.of(Failure.Scope.HOST, "4.7.5", "TLS: " + why));
    }

    /**
     * Begins a mail; its outcomes come as an action. Where the remote's limits forbid it, nothing goes over the wire.
     *
     * @throws IllegalStateException where the connection is not ready
     */
    public void send(OutboundMail mail) {
        require(state instanceof ClientState.Idle, "not ready");
        state = new ClientState.Relaying(new OutboundTransaction(mail, capabilities, ready::add));
    }

    /**
     * Brings mail data.
     *
     * @throws IllegalStateException    where none are asked for; nothing happens where the connection has failed since
     * @throws IllegalArgumentException where they are more than {@link ClientAction.NeedContent} asks for
     */
    public void content(byte[] octets, int offset, int length) {
        if (state instanceof ClientState.Ended) {
            return;
        }
        OutboundTransaction transaction = writing();
        if (length > Math.min(transaction.wanted(), OutboundTransaction.CHUNK)) {
            throw new IllegalArgumentException("more mail data than asked for");
        }
        if (length > 0 && !transaction.content(octets, offset, length)) {
            fail(Failure.of(Failure.Scope.MAIL, "5.6.0", "a bare CR or LF in the mail data"));
        }
    }

    /**
     * The mail data cannot be had to their end. The connection ends, so that the remote cannot take a part for the whole; the outcomes
     * are temporary failures.
     *
     * @param why in one line
     */
    public void contentFailed(String why) {
        if (!(state instanceof ClientState.Ended)) {
            writing();
            fail(Failure.of(Failure.Scope.MAIL, "4.3.0", why));
        }
    }

    private OutboundTransaction writing() {
        if (state instanceof ClientState.Relaying(var transaction) && transaction.wanted() > 0) {
            return transaction;
        }
        throw new IllegalStateException("no mail data are asked for");
    }

    /**
     * Asks the remote whether it is still there (NOOP): ready again, or failed.
     *
     * @throws IllegalStateException where the connection is not ready
     */
    public void check() {
        require(state instanceof ClientState.Idle, "not ready");
        command(Step.NOOP, "NOOP");
    }

    /**
     * Says good-bye. Nothing happens where the connection has failed.
     *
     * @throws IllegalStateException where the connection is not ready
     */
    public void quit() {
        if (!(state instanceof ClientState.Ended)) {
            require(state instanceof ClientState.Idle, "not ready");
            command(Step.QUIT, "QUIT");
        }
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalStateException(otherwise);
        }
    }

    // What the host is to do

    /** The next action. */
    public ClientAction next() {
        while (true) {
            Optional<ClientAction> action = Optional.ofNullable(ready.poll()).or(this::proceed);
            if (action.isEmpty()) {
                continue;
            }
            switch (action.get()) {
                case ClientAction.Write _ when lost.isPresent() -> { }
                case ClientAction.NeedInput _, ClientAction.NeedContent _, ClientAction.Ready _, ClientAction.StartTls _
                        when lost.isPresent() -> fail(lost.get());
                case ClientAction other -> {
                    return other;
                }
            }
        }
    }

    /** Goes a step on; empty where that was one, and what to wait for where there is none. */
    private Optional<ClientAction> proceed() {
        return switch (state) {
            case ClientState.Awaiting(var step) -> readReply(step.atMost, (reply, lines) -> answered(step, reply, lines));
            case ClientState.LoggingIn(var responses) ->
                    readReply(SmtpTimeouts.COMMAND, (reply, _) -> loggingIn(responses, reply));
            case ClientState.Handshaking _ -> Optional.of(START_TLS);
            case ClientState.Idle _ -> replies.isEmpty() ? Optional.of(new ClientAction.Ready(capabilities, tls)) : readUnasked(false);
            case ClientState.Relaying(var transaction) -> relay(transaction);
            case ClientState.Ended(var failure) -> Optional.of(failure.<ClientAction>map(ClientAction.Failed::new).orElse(CLOSED));
        };
    }

    private Optional<ClientAction> relay(OutboundTransaction transaction) {
        // Before a command leaves: the reply to it could not be told from what was there before.
        if (transaction.isQuiet() && !transaction.isDecided() && !replies.isEmpty()) {
            return readUnasked(transaction.inData());
        }
        OutboundTransaction.Turn turn = transaction.turn();
        if (!ready.isEmpty()) {
            return Optional.empty();
        }
        return switch (turn) {
            case OutboundTransaction.Turn.NeedContent(var atMost) -> Optional.of(new ClientAction.NeedContent(atMost));
            case OutboundTransaction.Turn.NeedReply(var atMost) -> readReply(atMost, (reply, _) -> answered(transaction, reply));
            case OutboundTransaction.Turn.Done _ -> {
                end(transaction);
                yield Optional.empty();
            }
        };
    }

    private void answered(OutboundTransaction transaction, RemoteReply reply) {
        if (!transaction.answered(reply)) {
            misplaced(reply);
        }
    }

    private void end(OutboundTransaction transaction) {
        ready.add(new ClientAction.Outcomes(transaction.outcomes(), transaction.dsn()));
        state = IDLE;
        if (transaction.needsReset()) {
            command(Step.RSET, "RSET");
        }
    }

    // Replies

    private Optional<ClientAction> readReply(Duration atMost, BiConsumer<RemoteReply, List<String>> then) {
        switch (replies.next()) {
            case ReplyReader.Found.Nothing _ -> {
                return Optional.of(new ClientAction.NeedInput(atMost));
            }
            case ReplyReader.Found.Fault(var text) -> fail(Failure.violation(text));
            case ReplyReader.Found.Whole(var code, var lines) -> {
                RemoteReply reply = RemoteReply.of(code, lines);
                if (code == 421) {
                    fail(Failure.ofHost(reply));
                } else {
                    then.accept(reply, lines);
                }
            }
        }
        return Optional.empty();
    }

    /** A reply that no command asked for: 421 may come at any time, and a refusal of mail data before their end. */
    private Optional<ClientAction> readUnasked(boolean inData) {
        return readReply(SmtpTimeouts.COMMAND, (reply, _) -> {
            if (inData && reply.isRefusal()) {
                fail(Failure.of(Failure.Scope.MAIL, reply));
            } else {
                misplaced(reply);
            }
        });
    }

    private void answered(Step step, RemoteReply reply, List<String> lines) {
        if (!reply.isPositive() && !reply.isRefusal()) {
            misplaced(reply);
            return;
        }
        switch (step) {
            case GREETING -> {
                if (reply.isPositive()) {
                    command(Step.EHLO, "EHLO " + settings.hostname());
                } else {
                    leave(Failure.ofGreeting(reply));
                }
            }
            case EHLO -> greeted(reply, lines);
            case HELO -> {
                if (reply.isPositive()) {
                    secure(Capabilities.NONE);
                } else {
                    leave(Failure.ofHost(reply));
                }
            }
            case STARTTLS -> startTls(reply);
            case RSET -> {
                state = IDLE;
                if (reply.isRefusal()) {
                    leave(Failure.ofHost(reply));
                }
            }
            // Whatever it says of NOOP, it is there.
            case NOOP -> state = IDLE;
            case QUIT -> state = new ClientState.Ended(Optional.empty());
        }
    }

    private void misplaced(RemoteReply reply) {
        fail(Failure.violation("unexpected reply: " + reply.line()));
    }

    // EHLO, TLS and login

    private void greeted(RemoteReply reply, List<String> lines) {
        if (reply.isPositive()) {
            secure(Capabilities.read(lines));
            return;
        }
        switch (reply.code()) {
            // A server that knows no extension (RFC 5321, section 3.2).
            case 500, 501, 502, 504 -> command(Step.HELO, "HELO " + settings.hostname());
            default -> leave(Failure.ofHost(reply));
        }
    }

    private void secure(Capabilities announced) {
        capabilities = announced;
        if (tls || settings.tlsWish() == TlsWish.NEVER) {
            logIn();
        } else if (announced.startTls()) {
            command(Step.STARTTLS, "STARTTLS");
        } else if (settings.tlsWish() == TlsWish.IF_OFFERED) {
            logIn();
        } else {
            leave(Failure.of(Failure.Scope.HOST, "4.7.10", "STARTTLS is required, and not offered"));
        }
    }

    private void startTls(RemoteReply reply) {
        if (reply.isPositive()) {
            state = new ClientState.Handshaking();
            if (!replies.isEmpty()) {
                injected();
            }
        } else if (settings.tlsWish() == TlsWish.IF_OFFERED) {
            ready.add(new ClientAction.TlsRefused(reply));
            logIn();
        } else {
            leave(new Failure(Failure.Scope.HOST, "4.7.10", "STARTTLS is required: " + reply.line(), Optional.of(reply), false));
        }
    }

    /** Whoever put octets behind the reply wants them to be taken for what comes under TLS (CVE-2021-38371). */
    private void injected() {
        fail(Failure.of(Failure.Scope.HOST, "4.7.0", "clear text behind the reply to STARTTLS"));
    }

    private void logIn() {
        Optional<SaslMechanism> mechanism = capabilities.mechanism();
        if (settings.credentials().isEmpty()) {
            state = IDLE;
        } else if (!tls) {
            leave(Failure.of(Failure.Scope.HOST, "4.7.11", "credentials are for TLS alone"));
        } else if (mechanism.isEmpty()) {
            leave(Failure.of(Failure.Scope.HOST, "4.7.4", "neither PLAIN nor LOGIN is offered"));
        } else {
            logIn(mechanism.get(), settings.credentials().get());
        }
    }

    private void logIn(SaslMechanism mechanism, Credentials credentials) {
        switch (mechanism) {
            case PLAIN -> {
                state = new ClientState.LoggingIn(new ArrayDeque<>());
                write("AUTH PLAIN " + base64('\0' + credentials.name() + '\0' + credentials.password()));
            }
            case LOGIN -> {
                state = new ClientState.LoggingIn(
                        new ArrayDeque<>(List.of(base64(credentials.name()), base64(credentials.password()))));
                write("AUTH LOGIN");
            }
        }
    }

    private void loggingIn(Queue<String> responses, RemoteReply reply) {
        if (reply.isPositive()) {
            state = IDLE;
        } else if (reply.isIntermediate() && !responses.isEmpty()) {
            write(responses.remove());
        } else if (reply.isRefusal()) {
            leave(Failure.ofHost(reply));
        } else {
            misplaced(reply);
        }
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    // Commands and ends

    private void command(Step step, String line) {
        state = new ClientState.Awaiting(step);
        write(line);
    }

    private void write(String line) {
        ready.add(new ClientAction.Write((line + "\r\n").getBytes(StandardCharsets.US_ASCII)));
    }

    /** The remote is understood, but of no use: it may hear so (RFC 5321, section 4.1.1.10). */
    private void leave(Failure failure) {
        write("QUIT");
        fail(failure);
    }

    private void fail(Failure failure) {
        switch (state) {
            case ClientState.Ended _ -> { }
            case ClientState.Awaiting(var step) when step == Step.QUIT -> state = new ClientState.Ended(Optional.empty());
            case ClientState.Relaying(var transaction) -> {
                transaction.abort(failure);
                ready.add(new ClientAction.Outcomes(transaction.outcomes(), transaction.dsn()));
                state = new ClientState.Ended(Optional.of(failure));
            }
            case ClientState.Awaiting _, ClientState.LoggingIn _, ClientState.Handshaking _, ClientState.Idle _ ->
                    state = new ClientState.Ended(Optional.of(failure));
        }
        replies.drop();
    }
}
