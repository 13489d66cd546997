package org.postbus.protocol.pop3;

import java.util.Optional;

/** The states of a session (RFC 1939 section 3), each with the data that only it has. */
sealed interface State {

    /**
     * @param name     what USER said last
     * @param failures refused logins so far
     */
    record Authorization(Optional<String> name, int failures) implements State {

        static final Authorization START = new Authorization(Optional.empty(), 0);

        Authorization named(String given) {
            return new Authorization(Optional.of(given), failures);
        }

        Authorization nameless() {
            return new Authorization(Optional.empty(), failures);
        }

        Authorization failed() {
            return new Authorization(Optional.empty(), failures + 1);
        }
    }

    record Transaction(Maildrop maildrop) implements State { }

    record Update() implements State { }
}
