package org.postbus.protocol.sasl;

import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.postbus.protocol.address.AsciiCase;

/** The mechanisms that are offered, in the order in which they are announced. Each sends the password: it takes TLS. */
public enum SaslMechanism {
    /** RFC 4616. */
    PLAIN,
    /** In no RFC, and what many clients know only: name and password, each asked for. */
    LOGIN;

    /** All names, as EHLO and CAPA list them. */
    public static final String NAMES = Stream.of(values()).map(SaslMechanism::name).collect(Collectors.joining(" "));

    /** The mechanism of that name, in any case of letters; empty for one that is not offered. */
    public static Optional<SaslMechanism> of(String name) {
        String upper = AsciiCase.upper(name);
        return Stream.of(values()).filter(mechanism -> mechanism.name().equals(upper)).findFirst();
    }

    SaslExchange exchange() {
        return switch (this) {
            case PLAIN -> new PlainExchange();
            case LOGIN -> new LoginExchange();
        };
    }
}
