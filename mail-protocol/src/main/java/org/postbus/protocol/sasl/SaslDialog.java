package org.postbus.protocol.sasl;

import java.util.Base64;
import java.util.Optional;

/** One exchange as the lines that SMTP and POP3 make of it: base64; {@code =}, an empty initial response; {@code *} cancels. */
public final class SaslDialog {

    /** Octets of a line, its CRLF included (RFC 4954, section 4). */
    public static final int MAX_LINE = 12288;

    private static final String CANCEL = "*";
    private static final String EMPTY = "=";

    private final SaslExchange exchange;

    /** What a line leads to. */
    public sealed interface Step {
        /** The server has to say this, and the client to answer by a line. */
        record Challenge(String base64) implements Step {}

        /** All that the client has to say. */
        record Offered(Credentials credentials) implements Step {}

        /** No base64, or not what the mechanism asks for. */
        record Malformed() implements Step {}

        /** The client asks to act as another than it logs in as. Nobody may. */
        record Foreign() implements Step {}

        /** The client does not want to log in any more. */
        record Cancelled() implements Step {}
    }

    /** A new exchange: nothing of it is shared with any other. */
    public SaslDialog(SaslMechanism mechanism) {
        this.exchange = mechanism.exchange();
    }

    /** @param initialResponse what stands behind the mechanism's name, if anything does */
    public Step begin(Optional<String> initialResponse) {
        return initialResponse.map(line -> respond(line.equals(EMPTY) ? "" : line)).orElseGet(exchange::begin);
    }

    /** @param line without its CRLF */
    public Step respond(String line) {
        if (line.equals(CANCEL)) {
            return new Step.Cancelled();
        }
        try {
            return line.length() % 4 == 0 ? exchange.respond(Base64.getDecoder().decode(line)) : new Step.Malformed();
        } catch (IllegalArgumentException e) {
            return new Step.Malformed();
        }
    }
}
