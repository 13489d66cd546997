package org.postbus.mailbox.trail;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * What is searched for; each part that is there must hold.
 *
 * @param reversePath lower case; empty text finds the null reverse-path
 * @param recipient   lower case; a forward-path as it was given, or the address where it ended
 * @param step        the last step of a recipient, for example {@code delivered}
 * @param status      the last enhanced status code of a recipient
 * @param since       mail that began then or later
 * @param until       mail that began before
 * @param after       the last mail of the page before
 */
record MailQuery(Optional<String> reversePath, Optional<String> recipient, Optional<String> step, Optional<String> status,
        Optional<Instant> since, Optional<Instant> until, Optional<UUID> after) {
}
