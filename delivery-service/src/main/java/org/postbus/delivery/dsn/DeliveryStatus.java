package org.postbus.delivery.dsn;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.postbus.events.Envelope;
import org.postbus.events.NotificationRequest;
import org.postbus.protocol.message.DateTimes;

/** The part of a notification that is for machines: message/delivery-status (RFC 3464, and RFC 3461 section 6.3). */
final class DeliveryStatus {

    /** Octets of a line without its CRLF (RFC 5322 section 2.1.1): an address that needs more is left out. */
    private static final int MAX_LINE = 998;

    private final Report report;
    private final String hostname;
    private final List<String> lines = new ArrayList<>();

    DeliveryStatus(Report report, String hostname) {
        this.report = report;
        this.hostname = hostname;
    }

    /** Without line ends; all of them plain ASCII, whatever others wrote. */
    List<String> lines() {
        perMessageFields();
        report.recipients().forEach(this::perRecipientFields);
        return lines;
    }

    // RFC 3464 section 2.2
    private void perMessageFields() {
        Envelope envelope = report.envelope();
        envelope.notifications().flatMap(NotificationRequest::envelopeId)
                .ifPresent(id -> lines.add("Original-Envelope-Id: " + Printable.ascii(id)));
        lines.add("Reporting-MTA: dns; " + hostname);
        lines.add("X-Postbus-Mail-ID: " + envelope.mailId());
        lines.add("Arrival-Date: " + DateTimes.format(envelope.acceptedAt()));
    }

    // RFC 3464 section 2.3; who the client never named in ORCPT is not named as the original (RFC 3461 section 6.3)
    private void perRecipientFields(ReportedRecipient recipient) {
        lines.add("");
        originalRecipient(recipient.originalRecipient()).map(original -> "Original-Recipient: " + original)
                .filter(line -> line.length() <= MAX_LINE).ifPresent(lines::add);
        String address = recipient.finalRecipient();
        lines.add("Final-Recipient: " + typed(Printable.isAscii(address) ? "rfc822" : "utf-8", address));
        lines.add("Action: " + recipient.action().word());
        lines.add("Status: " + recipient.status());
        recipient.remoteMta().ifPresent(server -> lines.add("Remote-MTA: dns; " + server.name()));
        recipient.diagnostic().ifPresent(why -> lines.add("Diagnostic-Code: " + why.type().word() + "; " + why.text()));
        recipient.lastAttempt().ifPresent(at -> lines.add("Last-Attempt-Date: " + DateTimes.format(at)));
        if (recipient.action() == Action.DELAYED) {
            recipient.willRetryUntil().ifPresent(until -> lines.add("Will-Retry-Until: " + DateTimes.format(until)));
        }
    }

    private Optional<String> originalRecipient(String forwardPath) {
        return report.envelope().notifications().flatMap(request -> request.recipient(forwardPath))
                .flatMap(NotificationRequest.Recipient::originalRecipient)
                .map(text -> typed(text.substring(0, Math.max(text.indexOf(';'), 0)), text.substring(text.indexOf(';') + 1)));
    }

    /** The address with its type; outside ASCII utf-8-addr-xtext, which any line takes (RFC 6533 section 3). */
    private static String typed(String type, String address) {
        if (!type.equals("utf-8")) {
            return Printable.ascii(type) + "; " + Printable.ascii(address);
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
}
