package org.postbus.protocol.message;

import org.postbus.protocol.address.AddressLiteral;
import org.postbus.protocol.address.ForwardPath;

/** The fields that this server writes above a mail that it accepts (RFC 5321, section 4.4). */
public final class TraceFields {

    private TraceFields() {}

    /** The Received field, and X-Authentication-Warning where the client never greeted; folded, CRLF at each end. */
    public static String of(TraceFacts facts) {
        String literal = AddressLiteral.of(facts.client());
        String warning = facts.heloName().isPresent() ? ""
                : "X-Authentication-Warning: " + facts.hostname() + ": " + literal + " didn't use HELO protocol\r\n";
        return received(facts, literal) + warning;
    }

    // Time-stamp-line = "Received:" FWS From-domain By-domain Opt-info [CFWS] ";" FWS date-time
    // Additional-Registered-Clauses: "tls" FWS cipher (RFC 8314, section 4.3); it has no word for the version of TLS.
    private static String received(TraceFacts facts, String literal) {
        String from = facts.heloName().map(TraceFields::printable).orElse(literal);
        // Outside ASCII it would bind the mail to SMTPUTF8 (RFC 6531, section 3.7.3), wherever it is forwarded to: the clause may be missing.
        String recipient = facts.onlyRecipient().filter(ForwardPath::isAscii)
                .map(path -> "\r\n\tfor <" + path.text() + ">").orElse("");
        String version = facts.tls().map(tls -> " (" + tls.version() + ")").orElse("");
        String cipher = facts.tls().map(tls -> "\r\n\ttls " + tls.cipher()).orElse("");
        return "Received: from " + from + " (" + literal + ")\r\n\tby " + facts.hostname() + " with "
                + facts.protocol() + version + " id " + facts.mailId() + recipient + cipher + ";\r\n\t"
                + DateTimes.format(facts.acceptedAt()) + "\r\n";
    }

    /** A client may greet with any name: what would not read as one word of a structured field becomes a ?. */
    private static String printable(String heloName) {
        StringBuilder safe = new StringBuilder(heloName.length());
        for (int i = 0; i < heloName.length(); i++) {
            char c = heloName.charAt(i);
            safe.append(c > ' ' && c <= '~' && "()<>\\\";,@".indexOf(c) < 0 ? c : '?');
        }
        return safe.isEmpty() ? "?" : safe.toString();
    }
}
