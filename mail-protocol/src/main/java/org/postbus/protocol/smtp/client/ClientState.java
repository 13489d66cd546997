package org.postbus.protocol.smtp.client;

import java.time.Duration;
import java.util.Optional;
import java.util.Queue;

/** Where a connection stands; each state holds what belongs to it alone. */
sealed interface ClientState {

    /** The remote owes the reply to a command that belongs to no mail. */
    record Awaiting(Step step) implements ClientState {}

    /** The remote owes a challenge or the end of the login; {@code responses} are those that it has not asked for yet. */
    record LoggingIn(Queue<String> responses) implements ClientState {}

    /** The host owes the end of the handshake. */
    record Handshaking() implements ClientState {}

    /** The next mail may come. */
    record Idle() implements ClientState {}

    /** A mail is on its way. */
    record Relaying(OutboundTransaction transaction) implements ClientState {}

    /** Nothing that the remote sends is read any more; empty where all was said. */
    record Ended(Optional<Failure> failure) implements ClientState {}

    /** The commands outside of mail and login. */
    enum Step {
        GREETING(SmtpTimeouts.GREETING), EHLO(SmtpTimeouts.COMMAND), HELO(SmtpTimeouts.COMMAND), STARTTLS(SmtpTimeouts.COMMAND),
        RSET(SmtpTimeouts.COMMAND), NOOP(SmtpTimeouts.COMMAND), QUIT(SmtpTimeouts.QUIT);

        final Duration atMost;

        Step(Duration atMost) {
            this.atMost = atMost;
        }
    }
}
