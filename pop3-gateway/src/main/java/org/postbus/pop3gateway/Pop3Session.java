package org.postbus.pop3gateway;

import io.vertx.core.AsyncResult;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.postbus.events.FaultPoint;
import org.postbus.events.MailIds;
import org.postbus.gateway.ByteBudget;
import org.postbus.gateway.Certificates;
import org.postbus.gateway.Connection;
import org.postbus.gateway.Session;
import org.postbus.protocol.pop3.Action;
import org.postbus.protocol.pop3.Pop3Engine;
import org.postbus.protocol.pop3.Refusal;
import org.postbus.protocol.pop3.Snapshot;
import org.postbus.protocol.sasl.Credentials;

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
    private final long since = System.nanoTime();
    private Optional<OpenMaildrop> maildrop = Optional.empty();
    private Optional<Retrieval> retrieval = Optional.empty();
    private boolean pumping;
    private boolean draining;
    /** For its next command; else it is in the middle of something, which ends first. */
    private boolean waitsForClient;
    private boolean ended;

    Pop3Session(Gateway gateway, Connection connection) {
        this.gateway = gateway;
        this.connection = connection;
        this.engine = new Pop3Engine(gateway.policy(connection.peerIsLoopback()), connection.tls().isPresent());
        connection.whenDrained(this::onDrained);
        restartDeadline();
        pump();
    }

    @Override
    public void onOctets(Buffer octets) {
        engine.receive(Connection.octets(octets));
        pump();
    }

    @Override
    public void onDeadline() {
        connection.close();
    }

    @Override
    public void onDrain() {
        draining = true;
        closeIfOver();
    }

    @Override
    public void onClosed() {
        ended = true;
        retrieval.ifPresent(Retrieval::end);
        maildrop.ifPresent(open -> {
            open.release();
            retrieval.orElseThrow().trail().tellRetrieved(gateway, open, connection.peerAddress());
        });
    }

    private void onDrained() {
        restartDeadline();
        pump();
    }

    /** By whom the session waits for next: a client that must take octets, mailbox-service, or the client's command. */
    private void restartDeadline() {
        connection.expectWithin(connection.writeQueueFull() ? gateway.config().writeTimeout()
                : retrieval.filter(Retrieval::isUnderWay).isPresent() ? gateway.config().answerTimeout()
                : !engine.inTransaction() && connection.crowded() ? gateway.config().crowdedIdleTimeout()
                : gateway.config().idleTimeout());
    }

    /**
     * While the gateway goes away, who has no maildrop open loses nothing by being sent away; nor does, by an autologout, who
     * keeps one for too long.
     */
    private void closeIfOver() {
        boolean tooLong = System.nanoTime() - since > gateway.config().maxSessionTime().toNanos();
        if (waitsForClient && (tooLong || draining && !engine.inTransaction())) {
            ended = true;
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
        retrieval.ifPresent(messages -> messages.flow(!connection.writeQueueFull()));
    }

    /** Whether there may be more to do at once. */
    private boolean act(Action action) {
        waitsForClient = false;
        switch (action) {
            case Action.Send(byte[] octets) -> send(octets);
            case Action.NeedOctets ignored -> {
                connection.resumeReading();
                waitsForClient = true;
                closeIfOver();
                return false;
            }
            case Action.NeedAnswer ignored -> {
                if (retrieval.filter(Retrieval::feed).isPresent()) {
                    return true;
                }
                connection.holdReading();
                return false;
            }
            case Action.Close ignored -> {
                ended = true;
                connection.closeAfterFlush();
                return false;
            }
            case Action.StopContent ignored -> {
                retrieval.ifPresent(Retrieval::stop);
                restartDeadline();
            }
            case Action.StartTls ignored -> startTls();
            case Action.OpenMaildrop open -> open(open);
            case Action.FetchMessage fetch -> retrieval.orElseThrow().fetch(fetch);
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

    private void startTls() {
        connection.expectWithin(Certificates.HANDSHAKE_WITHIN);
        connection.startTls().onSuccess(ignored -> {
            engine.secured();
            restartDeadline();
            pump();
        });
    }

    private void open(Action.OpenMaildrop question) {
        UUID attempt = MailIds.mint();
        Credentials offered = question.credentials();
        gateway.maildrops().open(attempt, gateway.address(offered.name()), offered.password(), connection.peerAddress())
                .onComplete(answer -> {
                    boolean utf8 = question.utf8() || gateway.config().internationalMail() == Pop3Config.InternationalMail.AS_IT_IS;
                    onOpening(new Maildrops.View(attempt, utf8), answer);
                    pump();
                });
    }

    private void onOpening(Maildrops.View view, AsyncResult<Maildrops.Opening> answer) {
        UUID attempt = view.session();
        if (answer.failed()) {
            LOG.warnf("a maildrop could not be opened: %s", answer.cause().getMessage());
            // The lock may have been taken all the same.
            gateway.maildrops().release(attempt);
            refuse(attempt, Refusal.TEMPORARY);
            return;
        }
        switch (answer.result()) {
            case Maildrops.Opening.Refused(Refusal why) -> {
                if (why == Refusal.TEMPORARY) {
                    // The lock may have been taken before something failed.
                    gateway.maildrops().release(attempt);
                }
                refuse(attempt, why);
            }
            case Maildrops.Opening.Opened(UUID account, Lease lease, Snapshot snapshot) -> {
                Optional<ByteBudget.Reservation> memory =
                        gateway.listings().reserve((long) snapshot.count() * Snapshot.ENTRY_OCTETS);
                if (ended || connection.isClosed() || memory.isEmpty()) {
                    memory.ifPresent(ByteBudget.Reservation::close);
                    gateway.maildrops().release(attempt);
                    refuse(attempt, Refusal.TEMPORARY);
                } else {
                    OpenMaildrop open = new OpenMaildrop(gateway, view, account, lease, memory.get());
                    maildrop = Optional.of(open);
                    retrieval = Optional.of(new Retrieval(gateway, open, snapshot, engine, this::pump));
                    gateway.metrics().loggedIn();
                    engine.opened(snapshot);
                    FaultPoint.POP3_LOCKED.reached();
                }
            }
        }
    }

    private void refuse(UUID attempt, Refusal why) {
        gateway.metrics().loginRefused(why);
        gateway.refused(Optional.of(attempt), connection.peerAddress(), switch (why) {
            case CREDENTIALS -> "a login with a wrong name or password";
            case IN_USE -> "a login while another session has the maildrop";
            case TEMPORARY, PERMANENT, NEEDS_UTF8 -> "a login that was not possible at the time";
        });
        engine.notOpened(why);
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
