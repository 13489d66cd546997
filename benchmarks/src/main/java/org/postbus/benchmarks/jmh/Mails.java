package org.postbus.benchmarks.jmh;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.postbus.events.Envelope;
import org.postbus.events.RoutedEnvelope;
import org.postbus.events.RoutedEnvelope.LocalDelivery;

/** A mail as relays send them: a few fields, then text lines of 78 octets, one in forty with a dot in front. */
final class Mails {

    static final UUID MAIL_ID = UUID.fromString("01936f2a-7c00-7aaa-8bbb-0123456789ab");

    private static final String HEADER = """
            Received: from mail.sender.test ([192.0.2.7])\r
            \tby relay.sender.test with ESMTP; Mon, 23 Nov 2026 10:15:29 +0000\r
            Date: Mon, 23 Nov 2026 10:15:28 +0000\r
            From: Ann Example <ann@sender.test>\r
            To: Bob Example <bob@demo.test>\r
            Subject: What a mail looks like\r
            Message-ID: <20261123101528.4711@mail.sender.test>\r
            MIME-Version: 1.0\r
            Content-Type: text/plain; charset=utf-8\r
            \r
            """;
    private static final String LINE = "A text line of seventy-eight octets, as most mail programs would wrap it ...\r\n";

    private Mails() {}

    /** @param octets about how long it is; it ends in a whole line */
    static byte[] text(int octets) {
        StringBuilder text = new StringBuilder(HEADER);
        for (int line = 0; text.length() < octets; line++) {
            text.append(line % 40 == 39 ? "." : "").append(LINE);
        }
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }

    /** With what a client adds on the way: doubled dots, and the line that ends mail data. */
    static byte[] onTheWire(byte[] text) {
        return (new String(text, StandardCharsets.US_ASCII).replace("\r\n.", "\r\n..") + ".\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    static Envelope envelope() {
        return new Envelope(MAIL_ID, "ann@sender.test", List.of("bob@demo.test"), "8BITMIME",
                new Envelope.Client("192.0.2.8", "relay.sender.test"), "ESMTP", "mx.demo.test",
                Instant.parse("2026-11-23T10:15:30.123Z"), 4711,
                "Received: from relay.sender.test ([192.0.2.8])\r\n"
                        + "\tby mx.demo.test with ESMTP id " + MAIL_ID + ";\r\n\tMon, 23 Nov 2026 10:15:30 +0000\r\n");
    }

    static RoutedEnvelope routed() {
        return new RoutedEnvelope(envelope(),
                List.of(new LocalDelivery(UUID.fromString("01936f2a-0000-7000-8000-000000000001"),
                        "bob@demo.test", "bob@demo.test")),
                List.of());
    }
}
