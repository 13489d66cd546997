package org.postbus.events.directory;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.postbus.protocol.address.AsciiCase;
import org.postbus.protocol.address.Mailbox;

/**
 * The Sender Rewriting Scheme. Forwarded mail leaves with a reverse-path in our domain: SPF (RFC 7208) would not let us use its own,
 * and a notification sent to ours comes back through us. No RFC says how; the forms are those that other servers know:
 *
 * <pre>
 * ann@far.test                    SRS0=HASHHASH=TT=far.test=ann@ours
 * SRS0=H=T=far.test=ann@hop.test  SRS1=HASHHASHTT=hop.test==H=T=far.test=ann@ours
 * SRS1=H=hop.test==...@other.test SRS1=HASHHASHTT=hop.test==...@ours
 * </pre>
 *
 * The hash is 40 bits of an HMAC-SHA256 over the stamp and the canonical address, in base32 (RFC 4648), so that a change of case
 * on the way does no harm; the embedded local part keeps its spelling. TT is the day, modulo 1024. Whoever finds a right
 * address may send to the one in it until it expires; nobody can make one.
 */
public final class Srs {

    /** How long a rewritten reverse-path works: our attempts, those of two servers behind us and of the notification, 5 days each. */
    public static final Duration VALID = Duration.ofDays(21);

    /** Characters of the shortest secret that is taken: 128 bits in hexadecimal. */
    static final int MIN_SECRET = 32;

    private static final String HMAC = "HmacSHA256";
    private static final int HASH_OCTETS = 5;
    private static final String BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private static final int DAYS = 1024;
    /** Days that another gateway's clock may be ahead. */
    private static final int AHEAD = 1;

    /** Of any server; the separator behind the tag is its choice. */
    private static final Pattern FOREIGN_SRS0 = Pattern.compile("(?i)SRS0(?<rest>[=+-].*)");
    private static final Pattern FOREIGN_SRS1 = Pattern.compile("(?i)SRS1[=+-][^=]*=(?<hop>[^=]+)=(?<rest>[=+-].*)");
    private static final Pattern OUR_SRS0 = Pattern.compile("(?i)SRS0=(?<hash>[A-Z2-7]{8})=(?<stamp>[A-Z2-7]{2})=(?<domain>[^=]+)=(?<rest>.*)");
    private static final Pattern OUR_SRS1 =
            Pattern.compile("(?i)SRS1=(?<hash>[A-Z2-7]{8})(?<stamp>[A-Z2-7]{2})=(?<domain>[^=]+)=(?<rest>[=+-].*)");

    private final List<SecretKeySpec> secrets;
    private final InstantSource clock;

    /** @param secrets the first one signs, each of them verifies */
    public Srs(List<String> secrets, InstantSource clock) {
        if (secrets.isEmpty() || secrets.stream().anyMatch(secret -> secret.length() < MIN_SECRET)) {
            throw new IllegalArgumentException("an SRS secret has at least " + MIN_SECRET + " characters");
        }
        this.secrets = secrets.stream().map(secret -> new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), HMAC)).toList();
        this.clock = clock;
    }

    /**
     * With the secrets of a file, one a line: the first signs, those behind it still verify, so that a secret can be replaced.
     *
     * @throws IllegalArgumentException where there is none, or one under 32 characters
     */
    public static Srs read(Path file) throws IOException {
        List<String> lines = Files.readAllLines(file).stream().map(String::strip).filter(line -> !line.isEmpty()).toList();
        return new Srs(lines, InstantSource.system());
    }

    /** Whether a local part says of itself that it is a rewritten reverse-path. */
    static boolean claims(String localPart) {
        return AsciiCase.startsWith(localPart, 0, "SRS0=") || AsciiCase.startsWith(localPart, 0, "SRS1=");
    }

    /**
     * The reverse-path that a mail is forwarded with. It stays as it is where a local part of 64 octets cannot hold it
     * (RFC 5321, section 4.5.3.1.1): notifications then go past us, to where they belong, and SPF may fail.
     *
     * @param reversePath of a domain that is not ours
     * @param ourDomain   in canonical form: that of the address which forwards
     */
    public Mailbox rewrite(Mailbox reversePath, String ourDomain) {
        Matcher first = FOREIGN_SRS0.matcher(reversePath.localPart());
        Matcher later = FOREIGN_SRS1.matcher(reversePath.localPart());
        Optional<Mailbox> rewritten = first.matches() ? srs1(reversePath.canonicalDomain(), first.group("rest"), ourDomain)
                : later.matches() ? srs1(later.group("hop"), later.group("rest"), ourDomain)
                : srs0(reversePath, ourDomain);
        return rewritten.orElse(reversePath);
    }

    /** The reverse-path that was rewritten to it; empty where we did not, or too long ago. */
    public Optional<Mailbox> reverse(String localPart) {
        Matcher first = OUR_SRS0.matcher(localPart);
        if (first.matches()) {
            return genuine("SRS0", first, mailbox(first.group("rest"), first.group("domain")));
        }
        Matcher later = OUR_SRS1.matcher(localPart);
        return later.matches() ? genuine("SRS1", later, mailbox("SRS0" + later.group("rest"), later.group("domain"))) : Optional.empty();
    }

    private Optional<Mailbox> srs0(Mailbox original, String ourDomain) {
        String stamp = stamp();
        String domain = original.canonicalDomain();
        // A general address literal may hold a "=" (RFC 5321, section 4.1.3): nobody could tell where it ends.
        return domain.indexOf('=') >= 0 ? Optional.empty() : mailbox(String.join("=", "SRS0",
                hash(secrets.getFirst(), "SRS0", stamp, original), stamp, domain, original.localPart()), ourDomain);
    }

    /** What the first hop made is enough to find back to it: those between are left out, and no address grows hop by hop. */
    private Optional<Mailbox> srs1(String firstHop, String rest, String ourDomain) {
        String stamp = stamp();
        return firstHop.indexOf('=') >= 0 ? Optional.empty() : mailbox("SRS0" + rest, firstHop).flatMap(original -> mailbox(String.join("=",
                "SRS1", hash(secrets.getFirst(), "SRS1", stamp, original) + stamp, firstHop, rest), ourDomain));
    }

    private Optional<Mailbox> genuine(String tag, Matcher parts, Optional<Mailbox> original) {
        byte[] claimed = octets(parts.group("hash").toUpperCase(Locale.ROOT));
        String stamp = parts.group("stamp").toUpperCase(Locale.ROOT);
        return original.filter(address -> isValid(stamp) && secrets.stream()
                .anyMatch(secret -> MessageDigest.isEqual(claimed, octets(hash(secret, tag, stamp, address)))));
    }

    private boolean isValid(String stamp) {
        int day = BASE32.indexOf(stamp.charAt(0)) * BASE32.length() + BASE32.indexOf(stamp.charAt(1));
        return Math.floorMod(today() - day + AHEAD, DAYS) <= VALID.toDays() + AHEAD;
    }

    private String stamp() {
        int day = today();
        return "" + BASE32.charAt(day / BASE32.length()) + BASE32.charAt(day % BASE32.length());
    }

    private int today() {
        return (int) (Duration.ofMillis(clock.millis()).toDays() % DAYS);
    }

    private static String hash(SecretKeySpec secret, String tag, String stamp, Mailbox original) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(secret);
            byte[] whole = mac.doFinal(octets(tag + "=" + stamp + "=" + original.canonical()));
            long bits = 0;
            for (int i = 0; i < HASH_OCTETS; i++) {
                bits = bits << Byte.SIZE | whole[i] & 0xFF;
            }
            return base32(bits);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + HMAC, e);
        }
    }

    private static String base32(long bits) {
        StringBuilder text = new StringBuilder();
        for (int shift = HASH_OCTETS * Byte.SIZE - 5; shift >= 0; shift -= 5) {
            text.append(BASE32.charAt((int) (bits >> shift) & 31));
        }
        return text.toString();
    }

    private static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Empty where the grammar has no such mailbox, which is one that is too long. */
    private static Optional<Mailbox> mailbox(String localPart, String domain) {
        try {
            return Optional.of(Mailbox.parse(new Mailbox(localPart, domain).toString()));
        } catch (IllegalArgumentException none) {
            return Optional.empty();
        }
    }
}
