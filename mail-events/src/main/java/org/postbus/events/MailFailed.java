package org.postbus.events;

import java.time.Instant;
import java.util.List;

/**
 * Some recipients of a mail failed for good. One event for each mail at most.
 *
 * @param envelope      the mail's envelope as it was accepted
 * @param failures      at least one
 * @param headerSection the mail's header section as octets, at most {@value #MAX_HEADER_OCTETS}, for the DSN to
 *                      return (RFC 3462, text/rfc822-headers)
 * @param failedAt      when it was decided
 */
public record MailFailed(Envelope envelope, List<FailedRecipient> failures, byte[] headerSection, Instant failedAt) {

    /** Octets of header section that a failure carries; what is longer is cut at the last line that fits. */
    public static final int MAX_HEADER_OCTETS = 64 * 1024;

    public MailFailed {
        failures = List.copyOf(failures);
    }
}
