package org.postbus.pop3gateway;

import io.vertx.core.AsyncResult;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.postbus.events.FaultPoint;
import org.postbus.events.MailIds;
import org.postbus.gateway.ByteBudget;
import org.postbus.gateway.Connection;
import org.postbus.gateway.Session;
import org.postbus.protocol.pop3.Action;
import org.postbus.protocol.pop3.Pop3Engine;
import org.postbus.protocol.pop3.Refusal;
import org.postbus.protocol.pop3.Snapshot;

/**
 * Drives one POP3 engine: octets from and to the connection, questions to mailbox-service and the event log. Runs on the
 * event loop of its connection.
 *
 * <p>One deadline at a time is set on the connection, and whatever it was for, its passing closes the connection without a
 * word: autologout (RFC 1939 section 3), a client that takes nothing, a message that stops coming.
 */
final class Pop3Session implements Session {

    private static final Logger LOG = Logger.getLogger(Pop3Session.class);

    private final Gateway gateway;
    private final Connection connection;
    private final Pop3Engine engine;
    private final SessionTrail trail = new SessionTrail();
    private Optional<OpenMaildrop> maildrop = Optional.empty();
    private Optional<MessageStream> stream = Optional.empty();
    private boolean pumping;
    private boolean draining;
    private boolean ended;

    Pop3Session(Gateway gateway, Connection connection) {
        this.gateway = gateway;
        this.connection = connection;
        this.engine = new Pop3Engine(gateway.policy(connection.peerIsLoopback()));
        connection.whenDrained(this::onDrained);
        connection.expectWithin(gateway.config().idleTimeout());
        pump();
    }

    @Override
    public void onOctets(Buffer octets) {
        engine.receive(octets.getBytes());
        pump();
    }

    @Override
    public void onDeadline() {
        connection.close();
    }

    @Override
    public void onDrain() {
        draining = true;
        closeIfIdle();
    }

    @Override
    public void onClosed() {
        ended = true;
        stream.ifPresent(MessageStream::stop);
        maildrop.ifPresent(open -> {
            open.release();
            trail.tellRetrieved(gateway, open, connection.peerAddress());
        });
    }

    private void onDrained() {
        restartDeadline();
        pump();
    }

    /** By whom the session waits for next: a client that must take octets, mailbox-service, or the client's command. */
    private void restartDeadline() {
        connection.expectWithin(connection.writeQueueFull() ? gateway.config().writeTimeout()
                : stream.isPresent() ? gateway.config().answerTimeout() : gateway.config().idleTimeout());
    }

    /** While the gateway goes away, who has no maildrop open loses nothing by being sent away. */
    private void closeIfIdle() {
        if (draining && !engine.inTransaction()) {
            connection.closeAfterFlush();
        }
    }

    /** Does what the engine wants, as long as the peer takes it. Answers that come at once find the loop running. */
    private void pump() {
        if (pumping) {
            return;
        }
        pumping = true;
        try {
            boolean going = true;
            while (going && !ended && !connection.writeQueueFull()) {
                going = act(engine.next());
            }
        } catch (RuntimeException e) {
            LOG.errorf(e, "a session failed");
            connection.close();
        } finally {
            pumping = false;
        }
        stream.ifPresent(open -> open.flow(!connection.writeQueueFull()));
    }

    /** Whether there may be more to do at once. */
    private boolean act(Action action) {
        switch (action) {
            case Action.Send(byte[] octets) -> send(octets);
            case Action.NeedOctets ignored -> {
                connection.resumeReading();
                closeIfIdle();
                return false;
            }
            case Action.NeedAnswer ignored -> {
                connection.holdReading();
                return false;
            }
            case Action.Close ignored -> {
                ended = true;
                connection.closeAfterFlush();
                return false;
            }
            case Action.StopContent ignored -> {
                stream.ifPresent(MessageStream::stop);
                stream = Optional.empty();
                restartDeadline();
            }
            case Action.OpenMaildrop(String name, String password) -> open(name, password);
            case Action.FetchMessage fetch -> fetch(fetch);
            case Action.UpdateMaildrop(List<UUID> deleted) -> update(deleted);
            case Action.Wait(Duration time) -> gateway.vertx().setTimer(Math.max(1, time.toMillis()), ignored -> {
                engine.waited();
                pump();
            });
        }
        return true;
    }

    private void send(byte[] octets) {
        connection.write(octets);
        restartDeadline();
    }

    // AUTHORIZATION

    private void open(String name, String password) {
        UUID attempt = MailIds.mint();
        gateway.maildrops().open(attempt, gateway.address(name), password, connection.peerAddress())
                .onComplete(answer -> {
                    onOpening(attempt, answer);
                    pump();
                });
    }

    private void onOpening(UUID attempt, AsyncResult<Maildrops.Opening> answer) {
        if (answer.failed()) {
            LOG.warnf("a maildrop could not be opened: %s", answer.cause().getMessage());
            // The lock may have been taken all the same.
            gateway.maildrops().release(attempt);
            refuse(Refusal.TEMPORARY);
            return;
        }
        switch (answer.result()) {
            case Maildrops.Opening.Refused(Refusal why) -> refuse(why);
            case Maildrops.Opening.Opened(UUID account, Lease lease, Snapshot snapshot) -> {
                Optional<ByteBudget.Reservation> memory =
                        gateway.listings().reserve((long) snapshot.count() * Snapshot.ENTRY_OCTETS);
                if (ended || connection.isClosed() || memory.isEmpty()) {
                    memory.ifPresent(ByteBudget.Reservation::close);
                    gateway.maildrops().release(attempt);
                    refuse(Refusal.TEMPORARY);
                } else {
                    maildrop = Optional.of(new OpenMaildrop(gateway, attempt, account, lease, memory.get()));
                    gateway.metrics().loggedIn();
                    engine.opened(snapshot);
                    FaultPoint.POP3_LOCKED.reached();
                }
            }
        }
    }

    private void refuse(Refusal why) {
        gateway.metrics().loginRefused(why);
        engine.notOpened(why);
    }

    // TRANSACTION

    private void fetch(Action.FetchMessage fetch) {
        OpenMaildrop open = maildrop.orElseThrow();
        gateway.maildrops().message(open.sessionId(), fetch.mailId()).onComplete(answer -> {
            if (answer.failed()) {
                LOG.warnf("a message could not be fetched: %s", answer.cause().getMessage());
                engine.contentRefused(Refusal.TEMPORARY);
            } else {
                onMessage(open, fetch, answer.result());
            }
            pump();
        });
    }

    private void onMessage(OpenMaildrop open, Action.FetchMessage fetch, HttpClientResponse response) {
        String length = Long.toString(fetch.octets());
        if (!ended && response.statusCode() == 200 && length.equals(response.getHeader(HttpHeaders.CONTENT_LENGTH))) {
            engine.contentBegins();
            stream = Optional.of(new MessageStream(response, fetch.octets(), engine, () -> onContent(fetch)));
            return;
        }
        MessageStream.discard(response);
        switch (response.statusCode()) {
            case 404 -> engine.contentRefused(Refusal.PERMANENT);
            case 410 -> {
                open.fence();
                engine.contentRefused(Refusal.TEMPORARY);
            }
            default -> engine.contentRefused(Refusal.TEMPORARY);
        }
    }

    private void onContent(Action.FetchMessage fetch) {
        if (stream.isPresent() && stream.get().isWhole()) {
            stream = Optional.empty();
            if (fetch.whole()) {
                trail.retrieved(fetch.number(), fetch.mailId(), fetch.octets());
                gateway.metrics().retrieved(fetch.octets());
            }
        }
        pump();
    }

    // UPDATE

    private void update(List<UUID> deleted) {
        OpenMaildrop open = maildrop.orElseThrow();
        if (deleted.isEmpty()) {
            // Nothing is at stake: where mailbox-service is away, the lock ends with its lease.
            open.release().onComplete(ignored -> {
                engine.updated();
                pump();
            });
            return;
        }
        open.publish(deleted).onComplete(certain -> {
            if (certain.succeeded() && certain.result()) {
                SessionTrail.tellDeleted(gateway, open, connection.peerAddress(), deleted);
                gateway.metrics().updated(deleted.size());
                engine.updated();
            } else {
                gateway.metrics().notUpdated();
                engine.notUpdated();
            }
            pump();
        });
    }
}
