package org.postbus.delivery.dsn;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.stream.Stream;
import org.postbus.events.DeliveredRecipient;
import org.postbus.events.Envelope;
import org.postbus.events.FailedRecipient;
import org.postbus.events.MailFailed;
import org.postbus.events.MailIds;
import org.postbus.protocol.address.Mailbox;
import org.postbus.protocol.message.DateTimes;

/**
 * A delivery status notification: a multipart/report (RFC 6522) of a text for people, a message/delivery-status (RFC 3464)
 * and the mail's header section, or all of the mail where the client wants that of a failure. The same report makes the same
 * octets. Without the whole mail these are lines of at most 998 characters, and 7-bit whatever the mail held, but where an
 * address is internationalised: it is written in UTF-8 in the header and the text, and as RFC 6533, section 3, says in the
 * fields for machines.
 */
final class StatusNotification {

    private static final int MAX_LINE = 998;

    private final MailFailed report;
    private final Mailbox reversePath;
    private final String hostname;
    private final UUID mailId;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    /** @param reversePath of the failed mail: who is told */
    StatusNotification(MailFailed report, Mailbox reversePath, String hostname) {
        this.report = report;
        this.reversePath = reversePath;
        this.hostname = hostname;
        this.mailId = mailId(report.envelope());
    }

    /** The id of the notification about a mail: one for each mail, however often and when its failure is told. */
    static UUID mailId(Envelope envelope) {
        return MailIds.derived(envelope.mailId(), "dsn", envelope.acceptedAt());
    }

    byte[] octets() {
        header();
        String charset = isAscii() ? "us-ascii" : "utf-8";
        part("text/plain; charset=" + charset, isAscii() ? "7bit" : "8bit");
        text();
        part("message/delivery-status", "7bit");
        new DeliveryStatus(report, hostname).lines().forEach(this::line);
        report.mail().ifPresentOrElse(this::returnedMail, this::returnedHeaderSection);
        line("--" + boundary() + "--");
        return out.toByteArray();
    }

    /** The body type of RFC 6152, for the envelope. */
    String body() {
        return isAscii() && report.mail().map(StatusNotification::isSevenBit).orElse(true) ? "7BIT" : "8BITMIME";
    }

    private boolean isAscii() {
        return Stream.concat(report.failures().stream().flatMap(one -> Stream.of(one.originalRecipient(), one.finalRecipient())),
                report.delivered().stream().flatMap(one -> Stream.of(one.originalRecipient(), one.finalRecipient())))
                .allMatch(DeliveryStatus::isAscii);
    }

    private void header() {
        line("Date: " + DateTimes.format(report.failedAt()));
        line("From: Mail Delivery System <MAILER-DAEMON@" + hostname + ">");
        line("To: " + reversePath);
        line("Subject: " + subject());
        line("Message-ID: <" + mailId + "@" + hostname + ">");
        line("Auto-Submitted: auto-replied");
        line("MIME-Version: 1.0");
        line("Content-Type: multipart/report; report-type=delivery-status;");
        line("\tboundary=\"" + boundary() + "\"");
        line("");
        line("This is a delivery status notification in MIME format.");
    }

    private String subject() {
        return report.failures().isEmpty() ? "Delivered: your message has arrived"
                : "Undelivered mail: your message did not reach everyone";
    }

    private void text() {
        line("This is the mail system at " + hostname + ".");
        failures();
        deliveries();
        line("");
        if (!report.failures().isEmpty()) {
            line("All other recipients, if there are any, are not affected. The message was");
        } else {
            line("Whether anybody has read it is not known here. The message was");
        }
        line("accepted on " + DateTimes.format(report.envelope().acceptedAt()) + " under the id");
        line(report.envelope().mailId() + "; " + (report.mail().isPresent() ? "it follows below." : "its header follows below."));
        if (!report.failures().isEmpty()) {
            line("If you need help, forward this notification to your postmaster.");
        }
    }

    private void failures() {
        if (report.failures().isEmpty()) {
            return;
        }
        line("");
        line("Your message could not be delivered to the following recipients. No further");
        line("attempt will be made; please correct the address or try another way.");
        for (FailedRecipient failure : report.failures()) {
            line("");
            recipient(failure.originalRecipient(), failure.finalRecipient());
            line("    " + DeliveryStatus.diagnostic(failure.diagnosticCode()) + " (" + failure.status() + ")");
        }
    }

    private void deliveries() {
        if (report.delivered().isEmpty()) {
            return;
        }
        line("");
        line("As you asked to be told: your message is in the mailboxes of these recipients.");
        for (DeliveredRecipient delivered : report.delivered()) {
            line("");
            recipient(delivered.originalRecipient(), delivered.finalRecipient());
        }
    }

    private void recipient(String originalRecipient, String finalRecipient) {
        line("  <" + printable(originalRecipient) + ">");
        if (!originalRecipient.equalsIgnoreCase(finalRecipient)) {
            line("  (which leads to <" + printable(finalRecipient) + ">)");
        }
    }

    /** As it is, since message/rfc822 may not be encoded (RFC 2046 section 5.2.1). */
    private void returnedMail(byte[] mail) {
        part("message/rfc822", isSevenBit(mail) ? "7bit" : "8bit");
        returned(mail);
    }

    /** As it is where it is plain text; encoded, which the type allows, where anything in it could break the lines. */
    private void returnedHeaderSection() {
        byte[] headers = report.headerSection();
        boolean plain = isPlain(headers);
        part("text/rfc822-headers", plain ? "7bit" : "quoted-printable");
        returned(plain ? headers : QuotedPrintable.encode(headers));
    }

    private void returned(byte[] octets) {
        out.writeBytes(octets);
        if (!endsInCrlf(octets)) {
            line("");
        }
    }

    private void part(String type, String encoding) {
        line("");
        line("--" + boundary());
        line("Content-Type: " + type);
        line("Content-Transfer-Encoding: " + encoding);
        line("");
    }

    /** No line of text can begin with it: of the failed mail's octets none was written by who knew its id. */
    private String boundary() {
        return "=_" + mailId;
    }

    private static boolean isPlain(byte[] octets) {
        int length = 0;
        for (int i = 0; i < octets.length; i++) {
            boolean lineEnd = octets[i] == '\r' && i + 1 < octets.length && octets[i + 1] == '\n';
            if (lineEnd) {
                i++;
                length = 0;
            } else if (++length > MAX_LINE || octets[i] != '\t' && (octets[i] < ' ' || octets[i] == 127)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isSevenBit(byte[] octets) {
        for (byte octet : octets) {
            if (octet < 0) {
                return false;
            }
        }
        return true;
    }

    private static boolean endsInCrlf(byte[] octets) {
        int last = octets.length - 1;
        return last >= 1 && octets[last - 1] == '\r' && octets[last] == '\n';
    }

    /** Without control characters. */
    private static String printable(String text) {
        return text.replaceAll("\\p{Cc}", "?");
    }

    private void line(String line) {
        out.writeBytes((line + "\r\n").getBytes(StandardCharsets.UTF_8));
    }
}
