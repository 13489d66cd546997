package org.postbus.protocol.pop3;

import java.nio.charset.StandardCharsets;

/**
 * One response line (RFC 1939 section 3), and the catalogue of all of them. Response codes in brackets are those of
 * RFC 2449 section 8, RFC 3206 and RFC 6856. Nothing that a client sent is ever repeated in one.
 *
 * @param line without CRLF, at most 512 octets with it
 */
record Response(String line) {

    static final Response OK = new Response("+OK");
    static final Response CAPABILITIES = new Response("+OK capabilities follow");
    static final Response NAME_TAKEN = new Response("+OK send PASS");
    static final Response BYE = new Response("+OK bye");

    static final Response LINE_TOO_LONG = new Response("-ERR a command line has at most 255 octets");
    static final Response BAD_LINE = new Response("-ERR a command line ends in CRLF and holds no CR, LF or NUL");
    static final Response BAD_TEXT = new Response("-ERR that is not UTF-8");
    static final Response UNKNOWN_COMMAND = new Response("-ERR unknown command");
    static final Response NOT_NOW = new Response("-ERR not in this state");
    static final Response BAD_ARGUMENTS = new Response("-ERR wrong arguments");
    static final Response BEGIN_TLS = new Response("+OK begin TLS");
    static final Response UTF8_MODE = new Response("+OK UTF-8 from now on");
    static final Response NO_TLS = new Response("-ERR TLS is not offered");
    static final Response SECURED_BEFORE = new Response("-ERR TLS is on already");
    static final Response TLS_COMES_FIRST = new Response("-ERR STLS comes before UTF8");
    static final Response UNKNOWN_MECHANISM = new Response("-ERR no such mechanism; CAPA names those that there are");
    static final Response BAD_EXCHANGE = new Response("-ERR that is no answer to the mechanism");
    static final Response CANCELLED = new Response("-ERR cancelled");
    static final Response NAME_FIRST = new Response("-ERR USER comes first");
    static final Response NO_CLEAR_TEXT = new Response("-ERR [AUTH] no login over a connection in clear text");
    static final Response NO_SUCH_MESSAGE = new Response("-ERR no such message");
    static final Response IS_DELETED = new Response("-ERR this message is deleted");
    static final Response TOO_MANY_DELETIONS = new Response("-ERR [SYS/TEMP] too many deletions; QUIT and go on in a new session");
    static final Response TOO_MANY_ERRORS = new Response("-ERR too many errors");
    static final Response NOT_UPDATED = new Response("-ERR [SYS/TEMP] the maildrop could not be updated");

    static Response greeting(Pop3Policy policy) {
        return new Response("+OK " + policy.hostname() + " POP3 server ready");
    }

    /** RFC 5034, section 4. */
    static Response challenge(String base64) {
        return new Response("+ " + base64);
    }

    static Response size(Maildrop maildrop) {
        return new Response("+OK " + maildrop.count() + (maildrop.count() == 1 ? " message (" : " messages (")
                + maildrop.octets() + " octets)");
    }

    static Response stat(Maildrop maildrop) {
        return new Response("+OK " + maildrop.count() + " " + maildrop.octets());
    }

    static Response octets(long octets) {
        return new Response("+OK " + octets + " octets");
    }

    static Response ok(String text) {
        return new Response("+OK " + text);
    }

    static Response refused(Refusal why) {
        return new Response(switch (why) {
            case CREDENTIALS -> "-ERR [AUTH] wrong name or password";
            case IN_USE -> "-ERR [IN-USE] another session has the maildrop open";
            case NEEDS_UTF8 -> "-ERR [UTF8] this message has header fields in UTF-8; the UTF8 command comes before the login";
            case TEMPORARY -> "-ERR [SYS/TEMP] not possible now, try again later";
            case PERMANENT -> "-ERR [SYS/PERM] not possible";
        });
    }

    byte[] octets() {
        return (line + "\r\n").getBytes(StandardCharsets.US_ASCII);
    }
}
