package org.postbus.mailbox.imports;

import java.util.Optional;
import java.util.UUID;

/**
 * What became of a message.
 *
 * @param mailId of the mail that is filed, or was when the message came before
 * @param octets as they are, or would be, filed; 0 where they were not looked at
 */
record Verdict(Status status, Optional<UUID> mailId, Optional<Reason> reason, long octets) {

    enum Status { IMPORTED, DUPLICATE, REFUSED, SKIPPED }

    static Verdict imported(UUID mailId, long octets) {
        return new Verdict(Status.IMPORTED, Optional.of(mailId), Optional.empty(), octets);
    }

    static Verdict duplicate(UUID mailId, long octets) {
        return new Verdict(Status.DUPLICATE, Optional.of(mailId), Optional.empty(), octets);
    }

    static Verdict refused(Reason reason, long octets) {
        return new Verdict(Status.REFUSED, Optional.empty(), Optional.of(reason), octets);
    }

    static Verdict skipped(Reason reason) {
        return new Verdict(Status.SKIPPED, Optional.empty(), Optional.of(reason), 0);
    }
}
