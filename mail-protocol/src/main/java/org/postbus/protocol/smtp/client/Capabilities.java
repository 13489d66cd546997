package org.postbus.protocol.smtp.client;

import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.postbus.protocol.address.AsciiCase;
import org.postbus.protocol.sasl.SaslMechanism;

/**
 * What a remote announced in its reply to EHLO, as far as this client uses it. What it does not know, and what is not well-formed,
 * counts as not there.
 *
 * @param maxOctets of mail data (RFC 1870); empty where the remote names no limit
 * @param size      whether MAIL may bear SIZE
 * @param mechanisms of AUTH that this client knows
 */
public record Capabilities(boolean pipelining, boolean size, OptionalLong maxOctets, boolean eightBitMime, boolean smtpUtf8,
        boolean chunking, boolean dsn, boolean startTls, boolean enhancedStatusCodes, Set<SaslMechanism> mechanisms) {

    /** Of a remote that knows HELO alone. */
    static final Capabilities NONE = read(List.of(""));

    private static final int MAX_DIGITS = 18;

    /** @param lines of the reply, without code; the first is the remote's name */
    static Capabilities read(List<String> lines) {
        Reading reading = new Reading();
        lines.stream().skip(1).forEach(line -> reading.line(line.strip().split("[ =]+")));
        Set<String> keywords = reading.keywords;
        return new Capabilities(keywords.contains("PIPELINING"), keywords.contains("SIZE"), reading.maxOctets,
                keywords.contains("8BITMIME"), keywords.contains("SMTPUTF8"), keywords.contains("CHUNKING"), keywords.contains("DSN"),
                keywords.contains("STARTTLS"), keywords.contains("ENHANCEDSTATUSCODES"), Set.copyOf(reading.mechanisms));
    }

    /** The mechanism to log in by: the first that both know. */
    Optional<SaslMechanism> mechanism() {
        return List.of(SaslMechanism.values()).stream().filter(mechanisms::contains).findFirst();
    }

    private static final class Reading {

        private final Set<String> keywords = new HashSet<>();
        private final Set<SaslMechanism> mechanisms = EnumSet.noneOf(SaslMechanism.class);
        private OptionalLong maxOctets = OptionalLong.empty();

        // ehlo-line = ehlo-keyword *( SP ehlo-param ) ; "AUTH=" is how it was written before RFC 2554
        private void line(String[] words) {
            String keyword = AsciiCase.upper(words[0]);
            keywords.add(keyword);
            if (keyword.equals("SIZE") && words.length > 1) {
                maxOctets = octets(words[1]);
            } else if (keyword.equals("AUTH")) {
                List.of(words).forEach(word -> SaslMechanism.of(word).ifPresent(mechanisms::add));
            }
        }

        // size-param ::= [1*20DIGIT] ; 0: no fixed limit (RFC 1870, section 4)
        private static OptionalLong octets(String digits) {
            if (digits.length() > MAX_DIGITS || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
                return OptionalLong.empty();
            }
            long octets = Long.parseLong(digits);
            return octets == 0 ? OptionalLong.empty() : OptionalLong.of(octets);
        }
    }
}
