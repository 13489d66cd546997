package org.postbus.delivery.queue;

import java.util.UUID;
import org.postbus.events.Envelope;

/**
 * A mail in the queue.
 *
 * @param octets   as the client sent them
 * @param chunks   that the octets are stored in
 * @param eightBit whether an octet above 127 is in it
 */
public record QueuedMail(Envelope envelope, long octets, int chunks, boolean eightBit) {

    public UUID mailId() {
        return envelope.mailId();
    }
}
