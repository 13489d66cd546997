package org.postbus.events;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What the reverse-path of a mail may have to be told: recipients that failed for good, and those whose delivery the client
 * asked to hear of. One event for each mail at most, so that it gets one notification.
 *
 * @param envelope      the mail's envelope as it was accepted
 * @param failures      all of them, whether or not the client wants to know
 * @param delivered     those that the client wants to know of (RFC 3461, NOTIFY=SUCCESS); at least one where nothing failed
 * @param headerSection the mail's header section as octets, at most {@value #MAX_HEADER_OCTETS}, for the DSN to
 *                      return (RFC 3462, text/rfc822-headers)
 * @param mail          the whole mail, where the client asked for it (RET=FULL), something failed and it is one record
 * @param failedAt      when it was decided
 */
public record MailFailed(Envelope envelope, List<FailedRecipient> failures,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<DeliveredRecipient> delivered, byte[] headerSection,
        Optional<byte[]> mail, Instant failedAt) {

    /** Octets of header section that a failure carries; what is longer is cut at the last line that fits. */
    public static final int MAX_HEADER_OCTETS = 64 * 1024;

    public MailFailed {
        failures = List.copyOf(failures);
        delivered = delivered == null ? List.of() : List.copyOf(delivered);
    }

    /** Of failures alone. */
    public MailFailed(Envelope envelope, List<FailedRecipient> failures, byte[] headerSection, Instant failedAt) {
        this(envelope, failures, List.of(), headerSection, Optional.empty(), failedAt);
    }
}
