package org.postbus.delivery.dsn;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.postbus.protocol.address.Mailbox;
import org.postbus.protocol.message.DateTimes;

/**
 * A delivery status notification: a multipart/report (RFC 6522) of a text for people, a message/delivery-status (RFC 3464)
 * and the mail's header section, or all of the mail where the client wants that of a failure. The same report makes the same
 * octets. They are 7-bit, in lines of at most 998 characters, whatever the mail held and others wrote, so that any server
 * takes them, but for two cases: a mail that is returned whole, and an internationalised reverse-path in the header.
 */
final class StatusNotification {

    private final Report report;
    private final Mailbox reversePath;
    private final String hostname;
    private final ReturnedContent content;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    /** @param reversePath of the reported mail: who is told */
    StatusNotification(Report report, Mailbox reversePath, String hostname) {
        this.report = report;
        this.reversePath = reversePath;
        this.hostname = hostname;
        this.content = ReturnedContent.of(report);
    }

    byte[] octets() {
        Explanation explanation = new Explanation(report, hostname);
        header(explanation.subject());
        text(explanation.lines());
        part("message/delivery-status", "7bit");
        new DeliveryStatus(report, hostname).lines().forEach(this::line);
        part(content.type(), content.encoding());
        out.writeBytes(content.encoded());
        // The line end before a boundary is the boundary's (RFC 2046 section 5.1.1): what is returned keeps its own.
        line("");
        line("--" + boundary() + "--");
        return out.toByteArray();
    }

    /** The body type of RFC 6152, for the envelope. */
    String body() {
        return reversePath.isAscii() && content.isSevenBit() ? "7BIT" : "8BITMIME";
    }

    private void header(String subject) {
        line("Date: " + DateTimes.format(report.at()));
        line("From: Mail Delivery System <MAILER-DAEMON@" + hostname + ">");
        line("To: " + reversePath);
        line("Subject: " + subject);
        line("Message-ID: <" + report.notificationId() + "@" + hostname + ">");
        line("Auto-Submitted: auto-replied");
        line("MIME-Version: 1.0");
        line("Content-Type: multipart/report; report-type=delivery-status;");
        line("\tboundary=\"" + boundary() + "\"");
        line("");
        line("This is a delivery status notification in MIME format.");
    }

    private void text(List<String> lines) {
        if (lines.stream().allMatch(Printable::isAscii)) {
            part("text/plain; charset=us-ascii", "7bit");
            lines.forEach(this::line);
        } else {
            part("text/plain; charset=utf-8", "quoted-printable");
            out.writeBytes(QuotedPrintable.encode((String.join("\r\n", lines) + "\r\n").getBytes(StandardCharsets.UTF_8)));
        }
    }

    private void part(String type, String encoding) {
        line("");
        line("--" + boundary());
        line("Content-Type: " + type);
        line("Content-Transfer-Encoding: " + encoding);
        line("");
    }

    /**
     * No line can begin with it: the mail's octets were written before anybody could know its id, and what a server replied,
     * which may know it, stands behind words or white space of ours.
     */
    private String boundary() {
        return "=_" + report.notificationId();
    }

    private void line(String line) {
        out.writeBytes((line + "\r\n").getBytes(StandardCharsets.UTF_8));
    }
}
