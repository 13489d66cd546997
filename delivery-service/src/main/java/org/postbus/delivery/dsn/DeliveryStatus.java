package org.postbus.delivery.dsn;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.postbus.events.Envelope;
import org.postbus.events.MailFailed;
import org.postbus.events.NotificationRequest;
import org.postbus.protocol.message.DateTimes;

/** The part of a notification that is for machines: message/delivery-status (RFC 3464, and RFC 3461 section 6.3). */
final class DeliveryStatus {

    private static final int MAX_DIAGNOSTIC = 500;
    /** Octets of a line without its CRLF (RFC 5322 section 2.1.1): an address that needs more is left out. */
    private static final int MAX_LINE = 998;
    private static final String DELIVERED = "2.0.0";

    private final MailFailed report;
    private final String hostname;
    private final List<String> lines = new ArrayList<>();

    DeliveryStatus(MailFailed report, String hostname) {
        this.report = report;
        this.hostname = hostname;
    }

    /** Without line ends; all of them plain ASCII, whatever others wrote. */
    List<String> lines() {
        perMessageFields();
        report.failures().forEach(failure -> {
            recipient(failure.originalRecipient(), failure.finalRecipient(), "failed", failure.status());
            lines.add("Diagnostic-Code: X-Postbus; " + diagnostic(failure.diagnosticCode()));
        });
        report.delivered().forEach(delivered ->
                recipient(delivered.originalRecipient(), delivered.finalRecipient(), "delivered", DELIVERED));
        return lines;
    }

    // RFC 3464 section 2.2
    private void perMessageFields() {
        Envelope envelope = report.envelope();
        envelope.notifications().flatMap(NotificationRequest::envelopeId)
                .ifPresent(id -> lines.add("Original-Envelope-Id: " + ascii(id)));
        lines.add("Reporting-MTA: dns; " + hostname);
        lines.add("X-Postbus-Mail-ID: " + envelope.mailId());
        lines.add("Arrival-Date: " + DateTimes.format(envelope.acceptedAt()));
    }

    // RFC 3464 section 2.3; who the client never named in ORCPT is not named as the original (RFC 3461 section 6.3)
    private void recipient(String forwardPath, String finalRecipient, String action, String status) {
        lines.add("");
        originalRecipient(forwardPath).map(original -> "Original-Recipient: " + original)
                .filter(line -> line.length() <= MAX_LINE).ifPresent(lines::add);
        lines.add("Final-Recipient: " + (isAscii(finalRecipient) ? typed("rfc822", finalRecipient) : typed("utf-8", finalRecipient)));
        lines.add("Action: " + action);
        lines.add("Status: " + status);
    }

    private Optional<String> originalRecipient(String forwardPath) {
        return report.envelope().notifications().flatMap(request -> request.recipient(forwardPath))
                .flatMap(NotificationRequest.Recipient::originalRecipient)
                .map(text -> typed(text.substring(0, text.indexOf(';')), text.substring(text.indexOf(';') + 1)));
    }

    /** The address with its type; outside ASCII utf-8-addr-xtext, which any line takes (RFC 6533 section 3). */
    private static String typed(String type, String address) {
        if (!type.equals("utf-8")) {
            return ascii(type) + "; " + ascii(address);
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

    static boolean isAscii(String text) {
        return text.chars().allMatch(c -> c <= 0x7F);
    }

    static String diagnostic(String code) {
        String plain = ascii(code);
        return plain.length() <= MAX_DIAGNOSTIC ? plain : plain.substring(0, MAX_DIAGNOSTIC);
    }

    /** Nothing that others wrote gets a control character or an octet above 126 into a line of ours. */
    private static String ascii(String text) {
        return text.replaceAll("[^ -~]", "?");
    }
}
