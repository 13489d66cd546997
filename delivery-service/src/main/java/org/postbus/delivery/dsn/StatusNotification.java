package org.postbus.delivery.dsn;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.postbus.events.Envelope;
import org.postbus.events.FailedRecipient;
import org.postbus.events.MailFailed;
import org.postbus.events.MailIds;
import org.postbus.protocol.address.Mailbox;
import org.postbus.protocol.message.DateTimes;

/**
 * The delivery status notification of a failure: a multipart/report (RFC 6522) of a text for people, a
 * message/delivery-status (RFC 3464) and the mail's header section. The same failure makes the same octets, which are
 * lines of at most 998 characters, and 7-bit whatever the failed mail held, but where an address is internationalised: it is
 * written in UTF-8 in the header and the text, and as RFC 6533, section 3, says in the fields for machines.
 */
final class StatusNotification {

    private static final int MAX_DIAGNOSTIC = 500;
    private static final int MAX_LINE = 998;

    private final MailFailed failed;
    private final Mailbox reversePath;
    private final String hostname;
    private final UUID mailId;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    /** @param reversePath of the failed mail: who is told */
    StatusNotification(MailFailed failed, Mailbox reversePath, String hostname) {
        this.failed = failed;
        this.reversePath = reversePath;
        this.hostname = hostname;
        this.mailId = mailId(failed.envelope());
    }

    /** The id of the notification about a mail: one for each mail, however often and when its failure is told. */
    static UUID mailId(Envelope envelope) {
        return MailIds.derived(envelope.mailId(), "dsn", envelope.acceptedAt());
    }

    byte[] octets() {
        header();
        boolean ascii = failed.failures().stream()
                .allMatch(failure -> isAscii(failure.originalRecipient()) && isAscii(failure.finalRecipient()));
        part("text/plain; charset=" + (ascii ? "us-ascii" : "utf-8"), ascii ? "7bit" : "8bit");
        text();
        part("message/delivery-status", "7bit");
        perMessageFields();
        failed.failures().forEach(this::perRecipientFields);
        returnedHeaderSection();
        line("--" + boundary() + "--");
        return out.toByteArray();
    }

    private void header() {
        line("Date: " + DateTimes.format(failed.failedAt()));
        line("From: Mail Delivery System <MAILER-DAEMON@" + hostname + ">");
        line("To: " + reversePath);
        line("Subject: Undelivered mail: your message did not reach everyone");
        line("Message-ID: <" + mailId + "@" + hostname + ">");
        line("Auto-Submitted: auto-replied");
        line("MIME-Version: 1.0");
        line("Content-Type: multipart/report; report-type=delivery-status;");
        line("\tboundary=\"" + boundary() + "\"");
        line("");
        line("This is a delivery status notification in MIME format.");
    }

    private void text() {
        line("This is the mail system at " + hostname + ".");
        line("");
        line("Your message could not be delivered to the following recipients. No further");
        line("attempt will be made; please correct the address or try another way.");
        for (FailedRecipient failure : failed.failures()) {
            line("");
            line("  <" + printable(failure.originalRecipient()) + ">");
            if (!failure.originalRecipient().equalsIgnoreCase(failure.finalRecipient())) {
                line("  (which leads to <" + printable(failure.finalRecipient()) + ">)");
            }
            line("    " + diagnostic(failure) + " (" + failure.status() + ")");
        }
        line("");
        line("All other recipients, if there are any, are not affected. The message was");
        line("accepted on " + DateTimes.format(failed.envelope().acceptedAt()) + " under the id");
        line(failed.envelope().mailId() + "; its header follows below.");
        line("If you need help, forward this notification to your postmaster.");
    }

    /** RFC 3464 section 2.2. */
    private void perMessageFields() {
        line("Reporting-MTA: dns; " + hostname);
        line("X-Postbus-Mail-ID: " + failed.envelope().mailId());
        line("Arrival-Date: " + DateTimes.format(failed.envelope().acceptedAt()));
    }

    /** RFC 3464 section 2.3. */
    private void perRecipientFields(FailedRecipient failure) {
        line("");
        line("Original-Recipient: " + typed(failure.originalRecipient()));
        line("Final-Recipient: " + typed(failure.finalRecipient()));
        line("Action: failed");
        line("Status: " + failure.status());
        line("Diagnostic-Code: X-Postbus; " + diagnostic(failure));
    }

    /** As it is where it is plain text; encoded, which the type allows, where anything in it could break the lines. */
    private void returnedHeaderSection() {
        byte[] headers = failed.headerSection();
        boolean plain = isPlain(headers);
        part("text/rfc822-headers", plain ? "7bit" : "quoted-printable");
        byte[] written = plain ? headers : QuotedPrintable.encode(headers);
        out.writeBytes(written);
        if (!endsInCrlf(written)) {
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

    private static boolean endsInCrlf(byte[] octets) {
        int last = octets.length - 1;
        return last >= 1 && octets[last - 1] == '\r' && octets[last] == '\n';
    }

    private static String diagnostic(FailedRecipient failure) {
        String code = ascii(failure.diagnosticCode());
        return code.length() <= MAX_DIAGNOSTIC ? code : code.substring(0, MAX_DIAGNOSTIC);
    }

    /** The address with its type; outside ASCII utf-8-addr-xtext, which any line takes (RFC 6533 section 3). */
    private static String typed(String address) {
        if (isAscii(address)) {
            return "rfc822; " + ascii(address);
        }
        StringBuilder xtext = new StringBuilder("utf-8; ");
        address.codePoints().forEach(c -> {
            if (c > ' ' && c <= '~' && c != '\\' && c != '+' && c != '=') {
                xtext.append((char) c);
            } else {
                xtext.append(String.format("\\x{%X}", c));
            }
        });
        return xtext.toString();
    }

    private static boolean isAscii(String text) {
        return text.chars().allMatch(c -> c <= 0x7F);
    }

    /** Without control characters. */
    private static String printable(String text) {
        return text.replaceAll("\\p{Cc}", "?");
    }

    /** Nothing that others wrote gets a control character or an octet above 126 into a line of ours. */
    private static String ascii(String text) {
        return text.replaceAll("[^ -~]", "?");
    }

    private void line(String line) {
        out.writeBytes((line + "\r\n").getBytes(StandardCharsets.UTF_8));
    }
}
