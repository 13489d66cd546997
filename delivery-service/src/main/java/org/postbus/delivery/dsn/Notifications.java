package org.postbus.delivery.dsn;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.postbus.delivery.Outgoing;
import org.postbus.events.ContractViolation;
import org.postbus.events.Envelope;
import org.postbus.events.MailIds;
import org.postbus.events.TrailEvent;
import org.postbus.events.TrailEvent.Recipient;
import org.postbus.events.TrailStep;
import org.postbus.protocol.address.AddressSyntaxException;
import org.postbus.protocol.address.Mailbox;
import org.postbus.protocol.address.ReversePath;

/**
 * Makes of a report the mail that tells the reverse-path, wherever that is: it has the null reverse-path, so that nothing
 * ever answers it (RFC 5321 section 4.5.5), and is routed like any other.
 */
public final class Notifications {

    private final String hostname;

    /** @param hostname the reporting MTA */
    public Notifications(String hostname) {
        this.hostname = hostname;
    }

    /**
     * Judges what the client wants to hear and makes it. The same report makes the same notification.
     *
     * @throws ContractViolation the reverse-path is no address
     */
    public Notification of(Report all) throws ContractViolation {
        Report report = all.wanted();
        if (report.recipients().isEmpty()) {
            return none(all, "not-wanted", "no notification: the client asked for none (NOTIFY)");
        }
        return switch (reversePath(report.envelope())) {
            case ReversePath.None none -> none(report, "null-reverse-path", "no notification: the reverse-path is null");
            case ReversePath.Of of -> sent(report, of.mailbox());
        };
    }

    private Notification sent(Report report, Mailbox reversePath) {
        StatusNotification notification = new StatusNotification(report, reversePath, hostname);
        byte[] data = notification.octets();
        Envelope envelope = envelope(report, reversePath, notification.body());
        return new Notification.Sent(MailParts.of(envelope, data), accepted(report, envelope, data.length));
    }

    /** The one place where the envelope of a mail that this server makes by itself comes from. */
    private Envelope envelope(Report report, Mailbox reversePath, String body) {
        // The directory that judged the reported mail is the least that may route the notification.
        return new Envelope(report.notificationId(), "", List.of(reversePath.toString()), body,
                new Envelope.Client("127.0.0.1", ""), "internal", hostname, report.at(), report.envelope().directoryOffset(), "")
                .relaying(true);
    }

    private static TrailEvent accepted(Report report, Envelope envelope, long octets) {
        List<Recipient> recipients = envelope.forwardPaths().stream()
                .map(path -> new Recipient(path, path, "2.1.5", "")).toList();
        return event(report, envelope, TrailStep.ACCEPTED, recipients, octets,
                "delivery status notification about mail " + report.envelope().mailId());
    }

    /** The failures themselves are on the trail already; this says that nobody else has heard of them. */
    private static Notification none(Report report, String outcome, String why) {
        return new Notification.None(outcome, report.has(Action.FAILED)
                ? Optional.of(event(report, report.envelope(), TrailStep.FAILED, List.of(), 0, why)) : Optional.empty());
    }

    /** The id comes from the notification: a mail may be reported on more than once. */
    private static TrailEvent event(Report report, Envelope about, TrailStep step, List<Recipient> recipients, long octets,
            String detail) {
        UUID id = MailIds.derived(report.notificationId(), Outgoing.SERVICE + "/" + step, report.at());
        return new TrailEvent(id, report.at(), Outgoing.SERVICE, step, Optional.of(about.mailId()), Optional.empty(), "",
                Optional.of(about.reversePath()), recipients, List.of(), Optional.empty(), octets, detail);
    }

    private static ReversePath reversePath(Envelope envelope) throws ContractViolation {
        try {
            return ReversePath.parse(envelope.reversePath());
        } catch (AddressSyntaxException e) {
            throw new ContractViolation("not an address: " + e.getMessage(), e);
        }
    }
}
