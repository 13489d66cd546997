package org.postbus.delivery.queue;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.postbus.delivery.Outgoing;
import org.postbus.delivery.dsn.Action;
import org.postbus.delivery.dsn.Report;
import org.postbus.delivery.dsn.ReportedRecipient;
import org.postbus.events.Envelope;
import org.postbus.events.MailFailed;
import org.postbus.events.MailIds;
import org.postbus.events.NotificationRequest;
import org.postbus.events.TrailEvent;
import org.postbus.events.TrailStep;
import org.postbus.protocol.message.HeaderExcerpt;
import org.postbus.protocol.smtp.Return;

/** What the outcomes of one attempt make known: events for the trail, and a notification for the reverse-path. */
record Announcement(Attempt attempt) {

    private static final Duration ONE_ROUND = Duration.ofMinutes(1);

    /** One event for each kind of outcome. */
    List<TrailEvent> trail() {
        return Stream.of(event(TrailStep.RELAYED, Outcome.Relayed.class), event(TrailStep.DELAYED, Outcome.Delayed.class),
                event(TrailStep.FAILED, Outcome.Failed.class), event(TrailStep.FAILED, Outcome.Cancelled.class))
                .flatMap(Optional::stream).toList();
    }

    /** Whom the reverse-path wants to hear of; without the mail yet. Empty where there is nobody, or no reverse-path. */
    Optional<Report> report() {
        Envelope envelope = attempt.mail().envelope();
        List<ReportedRecipient> recipients = attempt.outcomes().stream().flatMap(one -> reported(one).stream()).toList();
        Report report = new Report(notificationId(), envelope, attempt.at(), recipients, new byte[0], Optional.empty()).wanted();
        return envelope.hasNullReversePath() || report.recipients().isEmpty() ? Optional.empty() : Optional.of(report);
    }

    /** With the mail that it is about. */
    Report with(Report report, byte[] first) {
        boolean whole = attempt.mail().chunks() == 1 && returnsMail(report);
        return new Report(report.notificationId(), report.envelope(), report.at(), report.recipients(),
                HeaderExcerpt.ofMail(first, MailFailed.MAX_HEADER_OCTETS), whole ? Optional.of(first) : Optional.empty());
    }

    /** All of the mail goes back where that was asked for and something failed (RFC 3461, section 4.3): else it is not kept for that. */
    private static boolean returnsMail(Report report) {
        return report.recipients().stream().anyMatch(recipient -> recipient.action() == Action.FAILED)
                && report.envelope().notifications().flatMap(NotificationRequest::returned).equals(Optional.of(Return.FULL));
    }

    /** Of these recipients after so many attempts there is one notification, however often it is made. */
    private UUID notificationId() {
        QueuedRecipient first = attempt.outcomes().getFirst().recipient();
        return MailIds.derived(attempt.mail().mailId(), "dsn/" + first.n() + "/" + first.attempts() + "/" + attempt.at(), attempt.at());
    }

    private Optional<ReportedRecipient> reported(Outcome outcome) {
        return switch (outcome.fate()) {
            case Outcome.Relayed(boolean remoteTells) -> remoteTells ? Optional.empty() : Optional.of(reported(outcome, Action.RELAYED));
            case Outcome.Failed() -> Optional.of(reported(outcome, Action.FAILED));
            case Outcome.Delayed delayed -> delayed.told() ? Optional.of(reported(outcome, Action.DELAYED)) : Optional.empty();
            case Outcome.Cancelled() -> Optional.empty();
        };
    }

    private ReportedRecipient reported(Outcome outcome, Action action) {
        QueuedRecipient recipient = outcome.recipient();
        return new ReportedRecipient(recipient.originalRecipient(), recipient.finalRecipient(), action, outcome.word().status(),
                outcome.word().remoteMta(), Optional.of(outcome.word().diagnostic()),
                outcome.word().remoteMta().map(remote -> attempt.at()),
                action == Action.DELAYED ? Optional.of(recipient.expiresAt()) : Optional.empty());
    }

    /** That a destination which cannot be reached was not tried is told once, and not in each round. */
    private boolean isNews(Outcome outcome) {
        return !(outcome.fate() instanceof Outcome.Delayed delayed) || delayed.attempted() || delayed.told()
                || attempt.at().isBefore(outcome.recipient().queuedAt().plus(ONE_ROUND));
    }

    private Optional<TrailEvent> event(TrailStep step, Class<? extends Outcome.Fate> fate) {
        List<TrailEvent.Recipient> recipients = attempt.outcomes().stream().filter(one -> fate.isInstance(one.fate()) && isNews(one))
                .map(one -> new TrailEvent.Recipient(one.recipient().originalRecipient(), one.recipient().finalRecipient(),
                        one.word().status(), one.word().diagnostic().text())).toList();
        Envelope envelope = attempt.mail().envelope();
        return recipients.isEmpty() ? Optional.empty() : Optional.of(new TrailEvent(MailIds.mint(), attempt.at(), Outgoing.SERVICE,
                step, Optional.of(envelope.mailId()), Optional.empty(), "", Optional.of(envelope.reversePath()), recipients,
                List.of(), Optional.empty(), attempt.mail().octets(), attempt.detail()));
    }
}
