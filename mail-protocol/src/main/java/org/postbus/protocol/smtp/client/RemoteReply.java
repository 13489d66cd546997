package org.postbus.protocol.smtp.client;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A reply of a remote server as it may stand in a DSN, a log or a trail event.
 *
 * @param code     three digits, the first from 1 to 5
 * @param enhanced the enhanced status code (RFC 2034) of its first line; empty where there is none, or it contradicts the code
 * @param text     all lines in one, without code and enhanced code: printable ASCII, at most 500 characters
 */
public record RemoteReply(int code, Optional<String> enhanced, String text) {

    static final int MAX_TEXT = 500;

    // status-code = class "." subject "." detail ; 1 digit, 1*3 digits, 1*3 digits (RFC 2034, section 4)
    private static final Pattern ENHANCED = Pattern.compile("([245]\\.[0-9]{1,3}\\.[0-9]{1,3})(?: +|$)(.*)");

    /** @param lines without code; printable ASCII */
    static RemoteReply of(int code, List<String> lines) {
        Optional<String> enhanced = Optional.of(ENHANCED.matcher(lines.getFirst())).filter(Matcher::matches)
                .map(found -> found.group(1)).filter(status -> status.charAt(0) - '0' == code / 100);
        String text = lines.stream().map(line -> enhanced.map(status -> without(status, line)).orElse(line).strip())
                .filter(line -> !line.isEmpty()).collect(Collectors.joining(" "));
        return new RemoteReply(code, enhanced, text.substring(0, Math.min(text.length(), MAX_TEXT)));
    }

    private static String without(String status, String line) {
        Matcher found = ENHANCED.matcher(line);
        return found.matches() && found.group(1).equals(status) ? found.group(2) : line;
    }

    /**
     * The enhanced status code, or what the code says by itself: 421 is 4.3.2, 452 is 4.3.1, 552 is 5.3.4 (RFC 5248), any other is the
     * class and 0.0.
     */
    public String status() {
        return enhanced.orElseGet(() -> switch (code) {
            case 421 -> "4.3.2";
            case 452 -> "4.3.1";
            case 552 -> "5.3.4";
            default -> code / 100 + ".0.0";
        });
    }

    /** Code, enhanced code and text: what follows {@code smtp;} in a Diagnostic-Code field (RFC 3464, section 2.3.6). */
    public String line() {
        return (code + enhanced.map(status -> " " + status).orElse("") + " " + text).strip();
    }

    /** 2yz: done. */
    boolean isPositive() {
        return code / 100 == 2;
    }

    /** 3yz: go on. */
    boolean isIntermediate() {
        return code / 100 == 3;
    }

    /** 4yz or 5yz. */
    boolean isRefusal() {
        return code >= 400;
    }
}
