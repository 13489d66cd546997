package org.postbus.mailbox.directory;

import java.net.IDN;
import java.util.Locale;
import java.util.Optional;
import org.postbus.protocol.address.Mailbox;
import org.postbus.rest.ProblemType;

/** Names as people write them, brought into canonical form: by it they are stored, compared and published. */
public final class Names {

    /** More than any name that can be right, so that nothing longer is parsed. */
    private static final int MAX_LENGTH = 400;

    private Names() {
    }

    /**
     * A domain as A-labels in lower case.
     *
     * @throws org.postbus.rest.ProblemException INVALID, if it can be no mail domain
     */
    public static String domain(String text) {
        return canonicalDomain(text).orElseThrow(() -> ProblemType.INVALID.because("this is not a domain name"));
    }

    /**
     * An address.
     *
     * @throws org.postbus.rest.ProblemException INVALID, if it is no mailbox of RFC 5321 section 4.1.2
     */
    public static String address(String text) {
        return canonicalAddress(text)
                .orElseThrow(() -> ProblemType.INVALID.because("this is not an address, local-part@domain"));
    }

    /**
     * An address with its local part as it is spelled, for where it may be that of another server.
     *
     * @throws org.postbus.mailbox.rest.ProblemException INVALID, if it is no mailbox of RFC 5321 section 4.1.2
     */
    public static String spelledAddress(String text) {
        String domain = domainOf(address(text));
        return Mailbox.parse(text.substring(0, text.lastIndexOf('@')) + "@" + domain).toString();
    }

    /** An address, or {@code @domain} for a domain's catch-all. */
    public static String addressOrCatchAll(String text) {
        return text.startsWith("@") ? "@" + domain(text.substring(1)) : address(text);
    }

    /** The domain of a canonical address. */
    public static String domainOf(String address) {
        return address.substring(address.lastIndexOf('@') + 1);
    }

    /** An address in canonical form; empty, if it is none. */
    public static Optional<String> canonicalAddress(String text) {
        int at = text.lastIndexOf('@');
        if (at < 1 || text.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        return canonicalDomain(text.substring(at + 1)).flatMap(domain -> mailbox(text.substring(0, at) + "@" + domain));
    }

    /** A domain in canonical form; empty, if it is none. An address literal is no domain here. */
    public static Optional<String> canonicalDomain(String text) {
        if (text.isEmpty() || text.length() > MAX_LENGTH || text.startsWith("[")) {
            return Optional.empty();
        }
        try {
            String ascii = IDN.toASCII(text, IDN.USE_STD3_ASCII_RULES).toLowerCase(Locale.ROOT);
            boolean looksLikeIpv4 = ascii.substring(ascii.lastIndexOf('.') + 1).matches("[0-9]+");
            return looksLikeIpv4 ? Optional.empty() : mailbox("x@" + ascii).map(Names::domainOf);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> mailbox(String text) {
        try {
            return Optional.of(Mailbox.parse(text).canonical());
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
