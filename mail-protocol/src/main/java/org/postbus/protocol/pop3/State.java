package org.postbus.protocol.pop3;

import java.util.Optional;

/** The states of a session (RFC 1939 section 3), each with the data that only it has. */
sealed interface State {

    /** @param name what USER said last */
    record Authorization(Optional<String> name) implements State {

        static final Authorization START = new Authorization(Optional.empty());
    }

    record Transaction(Maildrop maildrop) implements State { }

    record Update() implements State { }
}
