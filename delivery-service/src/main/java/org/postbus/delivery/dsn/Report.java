package org.postbus.delivery.dsn;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.postbus.events.Envelope;
import org.postbus.events.MailFailed;
import org.postbus.events.MailIds;
import org.postbus.events.NotificationRequest;
import org.postbus.protocol.smtp.Notify;
import org.postbus.protocol.smtp.Return;

/**
 * What there is to tell the reverse-path of a mail. The same report makes the same notification, octet by octet.
 *
 * @param notificationId of the notification, which is a mail; derived from the reported mail and the occasion, so that one that
 *                       is made twice is one mail, and another occasion makes another one
 * @param envelope       of the reported mail, as it was accepted
 * @param at             when it was decided; the date of the notification
 * @param recipients     all there is to tell, whether or not the client wants to hear it
 * @param headerSection  the mail's header section, at most {@value MailFailed#MAX_HEADER_OCTETS} octets
 * @param mail           the whole mail, where it is at hand
 */
public record Report(UUID notificationId, Envelope envelope, Instant at, List<ReportedRecipient> recipients,
        byte[] headerSection, Optional<byte[]> mail) {

    private static final String DELIVERED = "2.0.0";

    public Report {
        recipients = List.copyOf(recipients);
    }

    /** What mailbox-service tells: one report for each mail, however often and when it is told. */
    public static Report from(MailFailed failed) {
        Stream<ReportedRecipient> failures = failed.failures().stream().map(failure -> new ReportedRecipient(
                failure.originalRecipient(), failure.finalRecipient(), Action.FAILED, failure.status(),
                Optional.of(Diagnostic.own(failure.diagnosticCode()))));
        Stream<ReportedRecipient> deliveries = failed.delivered().stream().map(delivered -> new ReportedRecipient(
                delivered.originalRecipient(), delivered.finalRecipient(), Action.DELIVERED, DELIVERED, Optional.empty()));
        Envelope envelope = failed.envelope();
        return new Report(MailIds.derived(envelope.mailId(), "dsn", envelope.acceptedAt()), envelope, failed.failedAt(),
                Stream.concat(failures, deliveries).toList(), failed.headerSection(), failed.mail());
    }

    /** Without what the client does not want to hear (RFC 3461, section 4.1); its recipients may be none. */
    public Report wanted() {
        return new Report(notificationId, envelope, at, recipients.stream().filter(this::isWanted).toList(), headerSection, mail);
    }

    /** Those with that action, in order. */
    List<ReportedRecipient> recipients(Action action) {
        return recipients.stream().filter(recipient -> recipient.action() == action).toList();
    }

    boolean has(Action action) {
        return recipients.stream().anyMatch(recipient -> recipient.action() == action);
    }

    /** All of the mail, if it goes back: to who asked for that, and only where something failed (RFC 3461, section 4.3). */
    Optional<byte[]> returnedMail() {
        return mail.filter(all -> has(Action.FAILED)
                && envelope.notifications().flatMap(NotificationRequest::returned).equals(Optional.of(Return.FULL)));
    }

    private boolean isWanted(ReportedRecipient recipient) {
        String forwardPath = recipient.originalRecipient();
        return switch (recipient.action()) {
            case FAILED -> envelope.asksFor(Notify.FAILURE, forwardPath);
            // Who says nothing about NOTIFY hears of delays; the RFC leaves that to the server.
            case DELAYED -> envelope.asksFor(Notify.DELAY, forwardPath) || isOpen(forwardPath);
            case DELIVERED, RELAYED -> envelope.asksFor(Notify.SUCCESS, forwardPath);
        };
    }

    private boolean isOpen(String forwardPath) {
        return envelope.notifications().flatMap(request -> request.recipient(forwardPath))
                .flatMap(NotificationRequest.Recipient::notifyOn).isEmpty();
    }
}
