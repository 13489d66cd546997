package org.postbus.delivery.dkim;

import java.security.SecureRandom;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.postbus.protocol.address.Mailbox;
import org.postbus.rest.ProblemType;

/** Domains and selectors of keys, in canonical form. */
final class KeyNames {

    /** sub-domain *("." sub-domain) (RFC 6376, section 3.1); an underscore of its own would look like ours. */
    private static final Pattern SELECTOR = Pattern.compile("LABEL(\\.LABEL)*".replace("LABEL", "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"));

    /** Octets of a name in the DNS, as text; no name in U-labels is longer either. */
    private static final int MAX_NAME = 253;

    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("uuuuMMdd").withZone(ZoneOffset.UTC);
    private static final SecureRandom RANDOM = new SecureRandom();

    private KeyNames() {
    }

    /**
     * A domain as A-labels in lower case; empty if it can be no mail domain.
     *
     * @param text U-labels or A-labels
     */
    static Optional<String> domain(String text) {
        if (text.isEmpty() || text.length() > MAX_NAME || text.startsWith("[") || text.matches("(.*\\.)?[0-9]+")) {
            return Optional.empty();
        }
        try {
            return Optional.of(Mailbox.parse("x@" + text).canonicalDomain()).filter(name -> name.length() <= MAX_NAME);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /**
     * A selector in lower case.
     *
     * @throws org.postbus.rest.ProblemException INVALID, if it is none, or too long for the domain
     */
    static String selector(String text, String domain) {
        String selector = text.toLowerCase(Locale.ROOT);
        if (text.length() > MAX_NAME || !SELECTOR.matcher(selector).matches()) {
            throw ProblemType.INVALID.because("a selector is letters, digits and hyphens, with dots between");
        }
        if (DnsRecord.name(selector, domain).length() > MAX_NAME) {
            throw ProblemType.INVALID.because("the name of the record would be over " + MAX_NAME + " octets");
        }
        return selector;
    }

    /** A selector that no key has had: the first letter of the algorithm, the day, and chance. */
    static String freshSelector(DkimAlgorithm algorithm, Instant at) {
        byte[] chance = new byte[3];
        RANDOM.nextBytes(chance);
        return algorithm.tag().charAt(0) + DAY.format(at) + '-' + HexFormat.of().formatHex(chance);
    }
}
