package org.postbus.delivery.dsn;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.postbus.delivery.Fixtures;
import org.postbus.events.Envelope;
import org.postbus.events.FailedRecipient;
import org.postbus.events.MailFailed;
import org.postbus.events.NotificationRequest;
import org.postbus.protocol.smtp.Notify;
import org.postbus.protocol.smtp.Return;

/** Reports on one mail that ann@one.test sent. */
final class Reports {

    static final UUID MAIL_ID = UUID.fromString("019a2b3c-4d5e-7f60-8a1b-2c3d4e5f6071");
    static final UUID NOTIFICATION_ID = UUID.fromString("019a2b3c-4d5e-7e61-9bed-bd0863995a52");
    static final Instant AT = Instant.parse("2026-11-23T18:05:09Z");
    static final String HEADERS = "Subject: lunch\r\nFrom: Ann <ann@one.test>\r\n\r\n";
    static final Optional<RemoteMta> MX = Optional.of(new RemoteMta("mx.remote.test", "192.0.2.25"));

    private static final Instant LAST_ATTEMPT = Instant.parse("2026-11-23T18:04:00Z");
    private static final Instant UNTIL = Instant.parse("2026-11-28T12:00:00Z");

    private Reports() {
    }

    static Report of(Envelope envelope, ReportedRecipient... recipients) {
        return new Report(NOTIFICATION_ID, envelope, AT, List.of(recipients), octets(HEADERS), Optional.empty());
    }

    static Report of(ReportedRecipient... recipients) {
        return of(Fixtures.envelope(MAIL_ID, "ann@one.test", recipients[0].originalRecipient()), recipients);
    }

    /** With what the client asked; RET where given. */
    static Envelope envelope(String reversePath, Optional<Return> returned, NotificationRequest.Recipient... asked) {
        List<NotificationRequest.Recipient> all = List.of(asked);
        Envelope plain = Fixtures.envelope(MAIL_ID, reversePath, all.stream()
                .map(NotificationRequest.Recipient::forwardPath).toArray(String[]::new));
        return new Envelope(MAIL_ID, reversePath, plain.forwardPaths(), plain.body(), plain.client(), plain.protocol(),
                plain.hostname(), plain.acceptedAt(), 7, "",
                Optional.of(new NotificationRequest(Optional.of("QQ314159"), returned, all)), List.of());
    }

    static NotificationRequest.Recipient asked(String forwardPath, Notify... when) {
        return new NotificationRequest.Recipient(forwardPath, Optional.of(Set.of(when)), Optional.empty());
    }

    static MailFailed event(Envelope envelope, List<FailedRecipient> failures) {
        return new MailFailed(envelope, failures, octets(HEADERS), AT);
    }

    /** One that another server refused. */
    static ReportedRecipient refused(String address, String status, String reply) {
        return remote(address, Action.FAILED, status, Diagnostic.remote(reply));
    }

    static ReportedRecipient delayed(String address, String status, Diagnostic why) {
        return remote(address, Action.DELAYED, status, why);
    }

    static ReportedRecipient relayed(String address) {
        return new ReportedRecipient(address, address, Action.RELAYED, "2.6.0", MX, Optional.of(Diagnostic.remote("250 2.6.0 taken")),
                Optional.of(LAST_ATTEMPT), Optional.empty());
    }

    static ReportedRecipient delivered(String address) {
        return new ReportedRecipient(address, address, Action.DELIVERED, "2.0.0", Optional.empty());
    }

    static ReportedRecipient failed(String address, String status, String words) {
        return new ReportedRecipient(address, address, Action.FAILED, status, Optional.of(Diagnostic.own(words)));
    }

    private static ReportedRecipient remote(String address, Action action, String status, Diagnostic why) {
        return new ReportedRecipient(address, address, action, status, MX, Optional.of(why), Optional.of(LAST_ATTEMPT),
                Optional.of(UNTIL));
    }

    static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
