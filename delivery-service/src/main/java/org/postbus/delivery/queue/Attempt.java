package org.postbus.delivery.queue;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One attempt to relay a mail to some of its recipients, and what came of it.
 *
 * @param first  the mail's first chunk, where it is in memory already
 * @param detail how it went, one line for people: the host, what protects the connection
 */
public record Attempt(QueuedMail mail, List<Outcome> outcomes, Instant at, Optional<byte[]> first, String detail) {

    public Attempt {
        outcomes = List.copyOf(outcomes);
    }

    /** Whether the reverse-path is to hear of it, with the mail or its header section. */
    public boolean isReported() {
        return new Announcement(this).report().isPresent();
    }

    Attempt only(List<Outcome> some) {
        return new Attempt(mail, some, at, first, detail);
    }
}
