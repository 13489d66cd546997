package org.postbus.pop3gateway;

import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jboss.logging.Logger;
import org.postbus.events.FactCodec;
import org.postbus.events.FaultPoint;
import org.postbus.events.MaildropUpdated;
import org.postbus.events.Topics;
import org.postbus.gateway.ByteBudget;
import org.postbus.gateway.EventSender;
import org.postbus.gateway.NotSent;

/**
 * An open maildrop: its lock, renewed while the session lasts, and the one event that ends it with deletions.
 *
 * <p>The promise of +OK to QUIT rests here. The event is published only while the lease outlasts every delay of the
 * producer, and +OK follows only if the acknowledgement came before the lease ended: so no other session can have taken
 * the lock before the deletions were on the event log, and whoever takes it later waits until they are applied.
 */
final class OpenMaildrop {

    private static final Logger LOG = Logger.getLogger(OpenMaildrop.class);

    private final Gateway gateway;
    private final UUID sessionId;
    private final Maildrops.View view;
    private final UUID accountId;
    private final Lease lease;
    private final ByteBudget.Reservation memory;
    private final long renewals;
    private boolean ended;

    /**
     * @param view   what is to be seen of it
     * @param memory of the listing; returned with the maildrop
     */
    OpenMaildrop(Gateway gateway, Maildrops.View view, UUID accountId, Lease lease, ByteBudget.Reservation memory) {
        this.gateway = gateway;
        this.view = view;
        this.sessionId = view.session();
        this.accountId = accountId;
        this.lease = lease;
        this.memory = memory;
        this.renewals = gateway.vertx().setPeriodic(lease.renewEvery().toMillis(), ignored -> renew());
    }

    Maildrops.View view() {
        return view;
    }

    UUID sessionId() {
        return sessionId;
    }

    UUID accountId() {
        return accountId;
    }

    /** Whether no other session can have the lock. */
    boolean isHeld() {
        return lease.heldFor(Duration.ZERO);
    }

    /** mailbox-service says that the lock is gone. */
    void fence() {
        lease.fence();
    }

    /** Releases the lock over HTTP; for sessions that have published nothing. */
    Future<Void> release() {
        return end() ? gateway.maildrops().release(sessionId) : Future.succeededFuture();
    }

    /**
     * Publishes the deletions, with which the lock goes.
     *
     * @return whether they are certain to happen; if not, all of them happen or none
     */
    Future<Boolean> publish(List<UUID> deleted) {
        FaultPoint.POP3_QUIT.reached();
        Future<Void> held = lease.heldFor(EventSender.OUTCOME_WITHIN) ? Future.succeededFuture() : renew();
        return held.transform(ignored -> publishIfHeld(deleted));
    }

    private Future<Boolean> publishIfHeld(List<UUID> deleted) {
        OptionalInt partitions = gateway.events().partitions(Topics.MAILDROP_UPDATED);
        if (!lease.heldFor(EventSender.OUTCOME_WITHIN) || !gateway.events().available() || partitions.isEmpty()) {
            return release().map(false);
        }
        if (!end()) {
            return Future.succeededFuture(false);
        }
        return send(deleted, partitions.getAsInt()).transform(sent -> {
            if (sent.succeeded()) {
                FaultPoint.POP3_PUBLISHED.reached();
                return Future.succeededFuture(lease.heldFor(Duration.ZERO));
            }
            LOG.warnf("session %s: its deletions were not acknowledged: %s", sessionId, sent.cause().getMessage());
            // Only what certainly never left may be unlocked: an event that arrives later must find its lock.
            return sent.cause() instanceof NotSent
                    ? gateway.maildrops().release(sessionId).map(false)
                    : Future.succeededFuture(false);
        });
    }

    private Future<RecordMetadata> send(List<UUID> deleted, int partitions) {
        MaildropUpdated event = new MaildropUpdated(accountId, Optional.of(sessionId), deleted, "pop3", Instant.now());
        return gateway.events().send(FactCodec.MAILDROP_UPDATED.encode(event, Gateway.SERVICE, partitions));
    }

    private Future<Void> renew() {
        long askedAt = System.nanoTime();
        return gateway.maildrops().renew(sessionId).<Void>map(renewal -> {
            switch (renewal) {
                case RENEWED -> lease.renewed(askedAt);
                case FENCED -> fenceUnlessEnded();
            }
            return null;
        }).onFailure(e -> LOG.debugf("session %s: lease not renewed: %s", sessionId, e.getMessage()));
    }

    /** A renewal that was on its way when the session ended finds no lock, and that is as it should be. */
    private void fenceUnlessEnded() {
        if (!ended) {
            LOG.infof("session %s lost its maildrop", sessionId);
            lease.fence();
        }
    }

    /** Stops renewing; false if that was done before. */
    private boolean end() {
        if (ended) {
            return false;
        }
        ended = true;
        gateway.vertx().cancelTimer(renewals);
        memory.close();
        return true;
    }
}
