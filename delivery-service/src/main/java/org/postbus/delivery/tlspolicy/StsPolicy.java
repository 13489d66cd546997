package org.postbus.delivery.tlspolicy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A policy that a domain publishes (RFC 8461, section 3.2).
 *
 * @param mx     names of mail hosts in lower case; {@code *.} in front stands for one label
 * @param maxAge how long it holds after it was fetched, a year at most
 */
public record StsPolicy(Mode mode, List<String> mx, Duration maxAge) {

    public enum Mode { ENFORCE, TESTING, NONE }

    /** Seconds; section 3.2. */
    private static final long MAX_AGE = 31_557_600;
    private static final Pattern MX = Pattern.compile("(?=.{1,255}$)(\\*\\.)?[a-z0-9-]{1,63}(\\.[a-z0-9-]{1,63})*");
    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,10}");

    public StsPolicy {
        mx = List.copyOf(mx);
    }

    /**
     * Reads {@code *( field *WSP ( LF / CRLF ) )}. Unknown fields are passed over, and so is every second field of a name but mx.
     * Empty where it is no policy, or one without mail hosts that wants some.
     */
    public static Optional<StsPolicy> parse(String text) {
        Map<String, String> fields = new HashMap<>();
        List<String> mx = new ArrayList<>();
        for (String line : text.split("\r?\n")) {
            int colon = line.indexOf(':');
            String name = line.substring(0, Math.max(colon, 0));
            String value = line.substring(colon + 1).strip();
            if (name.equals("mx")) {
                mx.add(value.toLowerCase(Locale.ROOT));
            } else {
                fields.putIfAbsent(name, value);
            }
        }
        boolean valid = "STSv1".equals(fields.get("version")) && mx.stream().allMatch(MX.asMatchPredicate());
        return !valid ? Optional.empty() : mode(fields).flatMap(mode -> maxAge(fields).map(age -> new StsPolicy(mode, mx, age)))
                .filter(policy -> policy.mode() == Mode.NONE || !policy.mx().isEmpty());
    }

    private static Optional<Mode> mode(Map<String, String> fields) {
        return switch (fields.getOrDefault("mode", "")) {
            case "enforce" -> Optional.of(Mode.ENFORCE);
            case "testing" -> Optional.of(Mode.TESTING);
            case "none" -> Optional.of(Mode.NONE);
            default -> Optional.empty();
        };
    }

    private static Optional<Duration> maxAge(Map<String, String> fields) {
        return Optional.of(fields.getOrDefault("max_age", "")).filter(SECONDS.asMatchPredicate())
                .map(age -> Duration.ofSeconds(Math.min(Long.parseLong(age), MAX_AGE)));
    }

    /** Whether mail may go to the host (section 4.1). @param host in lower case, without final dot */
    public boolean matches(String host) {
        int dot = host.indexOf('.');
        String wildcard = "*" + host.substring(Math.max(dot, 0));
        return mx.stream().anyMatch(pattern -> pattern.equals(host) || dot > 0 && pattern.equals(wildcard));
    }
}
