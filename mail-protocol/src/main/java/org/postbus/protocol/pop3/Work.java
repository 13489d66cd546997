package org.postbus.protocol.pop3;

import org.postbus.protocol.sasl.SaslDialog;

/** What a session is at. */
sealed interface Work {

    /** Reads commands. */
    record Commands() implements Work { }

    /** Reads the answer to a challenge. */
    record LoggingIn(SaslDialog dialog) implements Work { }

    /** Writes a listing. */
    record Listed(Listing listing) implements Work { }

    /** Has a question for the host. */
    record Ask(Action.Question question) implements Work { }

    /** Waits for the answer. */
    record Await(Action.Question question) implements Work { }

    /** Sends a message; {@code left} octets of the listed size have not come yet. */
    record Content(Action.FetchMessage fetch, MessageFraming framing, long left) implements Work { }

    /** Has sent all that TOP wants. */
    record EnoughContent() implements Work { }

    /** Ends the session. */
    record End() implements Work { }
}
