package org.postbus.protocol.smtp.client;

import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.postbus.protocol.address.AddressParser;
import org.postbus.protocol.address.AsciiCase;
import org.postbus.protocol.address.ForwardPath;
import org.postbus.protocol.address.ReversePath;
import org.postbus.protocol.smtp.Notify;

/** Writes MAIL and RCPT, with the parameters that the remote knows. A path is parsed before, so nothing but a path stands there. */
final class EnvelopeCommands {

    /** Characters of ENVID and ORCPT as they stand in the line (RFC 3461, sections 4.4 and 4.2). */
    private static final int MAX_ENVELOPE_ID = 100;
    private static final int MAX_ORIGINAL_RECIPIENT = 500;

    private final Capabilities remote;

    EnvelopeCommands(Capabilities remote) {
        this.remote = remote;
    }

    /** The path of a text; empty where it is none, or more than one. */
    static Optional<ForwardPath> forwardPath(String text) {
        try {
            AddressParser parser = new AddressParser("<" + text + ">");
            ForwardPath path = parser.forwardPath();
            return Optional.of(path).filter(_ -> parser.position() == text.length() + 2);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** The same for MAIL. */
    static Optional<ReversePath> reversePath(String text) {
        try {
            AddressParser parser = new AddressParser("<" + text + ">");
            ReversePath path = parser.reversePath();
            return Optional.of(path).filter(_ -> parser.position() == text.length() + 2);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    // mail = "MAIL FROM:" Reverse-path [SP Mail-parameters] CRLF
    String mail(ReversePath path, OutboundMail mail, boolean smtpUtf8) {
        return "MAIL FROM:<" + path.text() + ">" + (remote.size() ? " SIZE=" + mail.octets() : "")
                + (mail.eightBit() ? " BODY=8BITMIME" : "") + (smtpUtf8 ? " SMTPUTF8" : "")
                + dsn(mail.returned().map(what -> " RET=" + what)) + dsn(envelopeId(mail)) + "\r\n";
    }

    // rcpt = "RCPT TO:" Forward-path [SP Rcpt-parameters] CRLF
    String rcpt(ForwardPath path, OutboundRecipient recipient) {
        return "RCPT TO:<" + path.text() + ">" + dsn(recipient.notifyOn().map(when -> " NOTIFY=" + words(when)))
                + dsn(recipient.originalRecipient().flatMap(EnvelopeCommands::originalRecipient)) + "\r\n";
    }

    private String dsn(Optional<String> parameter) {
        return parameter.filter(_ -> remote.dsn()).orElse("");
    }

    private static Optional<String> envelopeId(OutboundMail mail) {
        return mail.envelopeId().filter(id -> !id.isEmpty() && isPrintable(id)).map(EnvelopeCommands::xtext)
                .filter(id -> id.length() <= MAX_ENVELOPE_ID).map(id -> " ENVID=" + id);
    }

    private static String words(Set<Notify> when) {
        return when.isEmpty() ? "NEVER"
                : Stream.of(Notify.values()).filter(when::contains).map(Notify::name).collect(Collectors.joining(","));
    }

    // original-recipient-address = addr-type ";" xtext ; of the type utf-8 by RFC 6533, section 3
    private static Optional<String> originalRecipient(String text) {
        int semicolon = text.indexOf(';');
        String type = text.substring(0, Math.max(semicolon, 0));
        String address = text.substring(semicolon + 1);
        boolean international = AsciiCase.upper(type).equals("UTF-8");
        boolean right = type.matches("[A-Za-z0-9-]+") && !address.isBlank() && (international || isPrintable(address));
        return Optional.of(type + ";" + (international ? utf8Xtext(address) : xtext(address)))
                .filter(value -> right && value.length() <= MAX_ORIGINAL_RECIPIENT).map(value -> " ORCPT=" + value);
    }

    private static boolean isPrintable(String text) {
        return text.chars().allMatch(c -> c >= ' ' && c <= '~');
    }

    // xtext = *( xchar / hexchar ) ; xchar = "!" to "~" without "+" and "=" ; hexchar = "+" 2HEXDIG
    private static String xtext(String text) {
        return text.chars().mapToObj(c -> c > ' ' && c != '+' && c != '=' ? String.valueOf((char) c) : "+%02X".formatted(c))
                .collect(Collectors.joining());
    }

    // utf-8-addr-xtext = 1*( QCHAR / EmbeddedUnicodeChar ) ; QCHAR = "!" to "~" without "+", "=" and "\"
    private static String utf8Xtext(String text) {
        return text.codePoints().mapToObj(c -> c > ' ' && c <= '~' && c != '+' && c != '=' && c != '\\'
                ? Character.toString(c) : "\\x{%X}".formatted(c)).collect(Collectors.joining());
    }
}
