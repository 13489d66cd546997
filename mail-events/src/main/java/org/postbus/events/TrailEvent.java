package org.postbus.events;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * One step in the life of a mail, or of a session that never became one, for people to search.
 *
 * @param id          the same whenever the same step is told again, so that repetitions show once
 * @param at          when the step happened
 * @param service     the service that took it, for example {@code smtp-gateway}
 * @param step        what happened
 * @param mailId      the mail; empty for refusals before MAIL and for POP3 sessions
 * @param sessionId   the gateway session, where there is one
 * @param client      the peer's IP address; empty where there is none
 * @param reversePath the reverse-path without angle brackets; empty string for the null reverse-path, absent if unknown
 * @param recipients  each recipient that the step is about
 * @param mails       mails that a POP3 session retrieved or deleted, or an import filed
 * @param account     the account of a POP3 session or an import
 * @param octets      octets of mail data, 0 if unknown
 * @param detail      one line for people: the reply, the reason
 */
public record TrailEvent(
        UUID id,
        Instant at,
        String service,
        TrailStep step,
        Optional<UUID> mailId,
        Optional<UUID> sessionId,
        String client,
        Optional<String> reversePath,
        List<Recipient> recipients,
        List<UUID> mails,
        Optional<UUID> account,
        long octets,
        String detail) {

    /** Characters of {@code detail} that are kept. */
    public static final int MAX_DETAIL = 500;

    /**
     * @param originalRecipient the forward-path as given
     * @param finalRecipient    the address it ended at; equal to the original where nothing was resolved
     * @param status            an enhanced status code, for example {@code 2.1.5}
     * @param diagnosticCode    why, for a failure; else empty
     */
    public record Recipient(String originalRecipient, String finalRecipient, String status, String diagnosticCode) {
    }

    public TrailEvent {
        recipients = List.copyOf(recipients);
        mails = List.copyOf(mails);
        detail = detail.length() <= MAX_DETAIL ? detail : detail.substring(0, MAX_DETAIL);
    }
}
