package org.postbus.events;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.postbus.protocol.smtp.Notify;
import org.postbus.protocol.smtp.Return;

/** One event of each kind with every field set. */
final class Samples {

    static final UUID MAIL = UUID.fromString("01936f2a-7c00-7aaa-8bbb-0123456789ab");
    static final UUID ACCOUNT = UUID.fromString("01936f2a-0000-7000-8000-000000000001");
    static final UUID SESSION = UUID.fromString("01936f2a-0000-7000-8000-000000000002");
    static final Instant AT = Instant.parse("2026-11-23T10:15:30.123Z");
    static final byte[] DATA = "Subject: foo\r\n\r\nhi\r\n".getBytes(StandardCharsets.US_ASCII);

    static final Envelope ENVELOPE = new Envelope(MAIL, "parrt@jguru.com",
            List.of("user08@cs601.cs.usfca.edu", "\"a b\"@demo.test"), "8BITMIME",
            new Envelope.Client("127.0.0.1", "cs.usfca.edu"), "ESMTP", "mx.demo.test", AT, 42,
            "Received: from cs.usfca.edu ([127.0.0.1])\r\n\tby mx.demo.test with ESMTP; Mon, 23 Nov 2026 10:15:30 +0000\r\n");

    static final Envelope ASKED = new Envelope(MAIL, "parrt@jguru.com",
            List.of("user08@cs601.cs.usfca.edu", "\"a b\"@demo.test"), "8BITMIME", ENVELOPE.client(), "ESMTP", "mx.demo.test", AT, 42,
            "", Optional.of(new NotificationRequest(Optional.of("QQ 314+159"), Optional.of(Return.FULL), List.of(
                    new NotificationRequest.Recipient("\"a b\"@demo.test", Optional.of(Set.of(Notify.DELAY, Notify.SUCCESS)),
                            Optional.of("utf-8;\u00e4 b@demo.test")),
                    new NotificationRequest.Recipient("user08@cs601.cs.usfca.edu", Optional.of(Set.of()), Optional.empty())))),
            List.of("X-Spam"));

    static final Envelope RELAYING = ENVELOPE.relaying(true);

    static final FailedRecipient FAILURE =
            new FailedRecipient("\"a b\"@demo.test", "gone@demo.test", "5.1.1", "smtp; 550 no such mailbox");

    static final RoutedEnvelope ROUTED = new RoutedEnvelope(ENVELOPE,
            List.of(new RoutedEnvelope.LocalDelivery(ACCOUNT, "user08@cs601.cs.usfca.edu", "user08@cs601.cs.usfca.edu")),
            List.of(FAILURE));

    static final MailFailed FAILED = new MailFailed(ENVELOPE, List.of(FAILURE), DATA, AT);

    static final MaildropUpdated UPDATED = new MaildropUpdated(ACCOUNT, Optional.of(SESSION), List.of(MAIL), "pop3", AT);

    static final TrailEvent TRAIL = new TrailEvent(UUID.fromString("01936f2a-0000-7000-8000-000000000003"), AT,
            "smtp-gateway", TrailStep.ACCEPTED, Optional.of(MAIL), Optional.of(SESSION), "127.0.0.1",
            Optional.of("parrt@jguru.com"),
            List.of(new TrailEvent.Recipient("user08@cs601.cs.usfca.edu", "user08@cs601.cs.usfca.edu", "2.1.5", "")),
            List.of(), Optional.empty(), DATA.length, "250 2.0.0 accepted");

    private Samples() {
    }
}
