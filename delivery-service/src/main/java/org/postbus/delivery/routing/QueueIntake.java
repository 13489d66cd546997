package org.postbus.delivery.routing;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.postbus.delivery.queue.Enqueuing;
import org.postbus.delivery.queue.Enqueuing.Arrived;
import org.postbus.delivery.queue.Octets;
import org.postbus.delivery.queue.QueuedMail;
import org.postbus.delivery.queue.QueuedRecipient;
import org.postbus.delivery.relay.Relay;
import org.postbus.events.Envelope;
import org.postbus.protocol.address.Mailbox;

/**
 * Brings into the queue what a batch has for recipients elsewhere. Where the relay has room, it is claimed for this process from the
 * start and handed over when the batch is committed: it needs no claim and no reading then. Used by one thread.
 */
public final class QueueIntake {

    private final Relay relay;
    private final Duration expiry;
    private final InstantSource clock;
    private Enqueuing enqueuing = new Enqueuing();
    /** For which the relay holds room: of the batch in hand. */
    private List<Arrived> reserved = new ArrayList<>();
    private List<Arrived> written = List.of();

    /** @param expiry how long recipients are tried */
    public QueueIntake(Relay relay, Duration expiry, InstantSource clock) {
        this.relay = relay;
        this.expiry = expiry;
        this.clock = clock;
    }

    /** A batch begins; one before it that was not committed is forgotten. */
    void begin() {
        reserved.forEach(this::withdraw);
        reserved = new ArrayList<>();
        written = List.of();
        enqueuing = new Enqueuing();
    }

    /** A mail in one piece. */
    void add(Envelope envelope, byte[] data, List<RelayRecipient> relays) {
        Optional<UUID> claim = relay.reserve(relays.size(), data.length);
        Arrived arrived = new Arrived(new QueuedMail(envelope, data.length, 1, Octets.eightBit(data)), data,
                recipients(envelope.mailId(), relays), claim);
        if (claim.isPresent()) {
            reserved.add(arrived);
        }
        enqueuing.add(arrived);
    }

    /** As they stand in the queue. */
    List<QueuedRecipient> recipients(UUID mailId, List<RelayRecipient> relays) {
        Instant now = clock.instant();
        List<QueuedRecipient> recipients = new ArrayList<>();
        for (RelayRecipient one : relays) {
            recipients.add(new QueuedRecipient(mailId, recipients.size(), one.originalRecipient(), one.finalRecipient(),
                    one.reversePath(), Mailbox.parse(one.finalRecipient()).canonicalDomain(), now, now.plus(expiry), 0, false));
        }
        return recipients;
    }

    void write(Connection connection) throws SQLException {
        written = enqueuing.write(connection);
    }

    /** The batch is committed: what is claimed goes to the relay. */
    void committed() {
        Set<Arrived> handed = Collections.newSetFromMap(new IdentityHashMap<>());
        handed.addAll(written);
        for (Arrived arrived : reserved) {
            if (handed.contains(arrived)) {
                relay.attempt(arrived);
            } else {
                withdraw(arrived);
            }
        }
        reserved = new ArrayList<>();
    }

    private void withdraw(Arrived arrived) {
        relay.withdraw(arrived.recipients().size(), arrived.data().length);
    }
}
