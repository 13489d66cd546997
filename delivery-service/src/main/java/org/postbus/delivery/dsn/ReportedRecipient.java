package org.postbus.delivery.dsn;

import java.time.Instant;
import java.util.Optional;

/**
 * What became of a mail at one recipient: the per-recipient fields of RFC 3464, section 2.3. It holds no mail data and no
 * envelope and can be kept as JSON.
 *
 * @param originalRecipient the forward-path as it stands in the envelope
 * @param finalRecipient    the address that it led to
 * @param action            what became of it
 * @param status            an enhanced status code (RFC 3463), for example {@code 5.1.1}
 * @param remoteMta         the server that answered, or that the attempt broke off at; empty where there was none
 * @param diagnostic        why; empty for deliveries
 * @param lastAttempt       when it was last offered to a server; empty where it never was
 * @param willRetryUntil    when this server gives up; told of {@link Action#DELAYED} alone
 */
public record ReportedRecipient(String originalRecipient, String finalRecipient, Action action, String status,
        Optional<RemoteMta> remoteMta, Optional<Diagnostic> diagnostic, Optional<Instant> lastAttempt,
        Optional<Instant> willRetryUntil) {

    /** @throws IllegalArgumentException the status is none: it goes into a field as it is */
    public ReportedRecipient {
        if (!status.matches("[245]\\.\\d{1,3}\\.\\d{1,3}")) {
            throw new IllegalArgumentException("not an enhanced status code");
        }
    }

    /** Judged here, without another server. */
    public ReportedRecipient(String originalRecipient, String finalRecipient, Action action, String status,
            Optional<Diagnostic> diagnostic) {
        this(originalRecipient, finalRecipient, action, status, Optional.empty(), diagnostic, Optional.empty(), Optional.empty());
    }
}
