package org.postbus.protocol.address;

import java.util.Optional;

/**
 * A mailbox of RFC 5321, section 4.1.2: {@code Local-part "@" ( Domain / address-literal )}.
 *
 * <p>Equality is that of the spelling; compare {@link #canonical()} to learn whether two mailboxes are one.
 *
 * @param localPart the local part without quotes and quoted pairs, in the client's spelling; printable ASCII
 *                  and, in internationalised addresses, other text; at most 64 octets of UTF-8
 * @param domain    a domain of letters, digits and hyphens, or U-labels, at most 255 octets, or an address literal with
 *                  its brackets; in the client's spelling
 */
public record Mailbox(String localPart, String domain) {

    /** Octets of a local part as it is written (RFC 5321, section 4.5.3.1.1). */
    public static final int MAX_LOCAL_PART = 64;

    /** Octets of a domain (RFC 5321, section 4.5.3.1.2). */
    public static final int MAX_DOMAIN = 255;

    /**
     * @throws IllegalArgumentException where a part holds what no mailbox can; {@link #parse} judges the
     *         whole grammar, this only keeps control octets and white space out of a mailbox made by code
     */
    public Mailbox {
        if (International.octets(localPart) > MAX_LOCAL_PART || !allWithin(localPart, ' ', '~')) {
            throw new IllegalArgumentException("not a local part");
        }
        if (domain.isEmpty() || International.octets(domain) > MAX_DOMAIN || !allWithin(domain, '!', '~')) {
            throw new IllegalArgumentException("not a domain");
        }
    }

    /**
     * Reads a mailbox without angle brackets, such as {@code "Jones"@example.org}.
     *
     * @throws AddressSyntaxException where the text is none
     */
    public static Mailbox parse(String text) {
        AddressParser parser = new AddressParser(text);
        Mailbox mailbox = parser.mailbox();
        parser.end();
        return mailbox;
    }

    /** Whether the part after the @ is an address literal such as {@code [192.0.2.1]}. */
    public boolean isAddressLiteral() {
        return domain.charAt(0) == '[';
    }

    /** Whether it can be used without SMTPUTF8 (RFC 6531). */
    public boolean isAscii() {
        return International.isAscii(localPart) && International.isAscii(domain);
    }

    /** The one spelling of this mailbox: lower case, composed, the domain in A-labels, quoted only where it has to be. */
    public String canonical() {
        return canonicalLocalPart() + '@' + canonicalDomain();
    }

    /** The local part in the spelling that {@link #canonical()} has, quotes included. */
    public String canonicalLocalPart() {
        return International.folded(written(localPart));
    }

    /** The domain in lower case, as A-labels (RFC 5890). */
    public String canonicalDomain() {
        return International.aLabels(domain).orElse(domain);
    }

    /** This mailbox without its subaddress (RFC 5233): {@code jones} for {@code jones+lists}; else empty. */
    public Optional<Mailbox> withoutSubaddress() {
        int plus = localPart.indexOf('+');
        return plus <= 0 ? Optional.empty() : Optional.of(new Mailbox(localPart.substring(0, plus), domain));
    }

    /** As it is written in a path or a field, with quotes where the grammar asks for them. */
    @Override
    public String toString() {
        return written(localPart) + '@' + domain;
    }

    private static String written(String localPart) {
        if (AddressParser.isDotString(localPart)) {
            return localPart;
        }
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < localPart.length(); i++) {
            char c = localPart.charAt(i);
            if (c == '"' || c == '\\') {
                quoted.append('\\');
            }
            quoted.append(c);
        }
        return quoted.append('"').toString();
    }

    private static boolean allWithin(String text, char first, char last) {
        return text.codePoints().allMatch(c -> c >= first && c <= last || International.isText(c));
    }
}
