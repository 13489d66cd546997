package org.postbus.protocol.message;

import java.nio.charset.StandardCharsets;

/**
 * Reads who an Authentication-Results field claims to be of (RFC 8601, section 2.2).
 *
 * <p>authres-header-field = "Authentication-Results:" [CFWS] authserv-id [ CFWS authres-version ] … ; authserv-id = token / quoted-string
 */
final class AuthenticationResults {

    private static final String DELIMITERS = " \t\r\n;(/=\"";

    private final byte[] octets;
    private final int end;
    private int at;

    private AuthenticationResults(byte[] octets, int from, int end) {
        this.octets = octets;
        this.at = from;
        this.end = end;
    }

    /** The authserv-id of the value that lies there; empty text where there is none. */
    static String server(byte[] octets, int from, int end) {
        return new AuthenticationResults(octets, from, end).server();
    }

    private String server() {
        skipCfws();
        boolean quoted = at < end && octets[at] == '"';
        if (quoted) {
            at++;
        }
        StringBuilder id = new StringBuilder();
        while (at < end && (quoted ? octets[at] != '"' : DELIMITERS.indexOf(octets[at]) < 0)) {
            if (quoted && octets[at] == '\\') {
                at++;
            }
            if (at < end) {
                id.append(new String(octets, at, 1, StandardCharsets.ISO_8859_1));
                at++;
            }
        }
        return id.toString().strip();
    }

    /** Comments may hold comments (RFC 5322, section 3.2.2). */
    private void skipCfws() {
        int depth = 0;
        while (at < end && (depth > 0 || octets[at] == '(' || octets[at] <= ' ' && octets[at] > 0)) {
            switch (octets[at]) {
                case '(' -> depth++;
                case ')' -> depth--;
                case '\\' -> at++;
                default -> { }
            }
            at++;
        }
    }
}
