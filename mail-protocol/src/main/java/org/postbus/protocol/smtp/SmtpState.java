package org.postbus.protocol.smtp;

import java.util.Optional;
import org.postbus.protocol.sasl.SaslDialog;

/** Where a session stands; each state holds what belongs to it alone. */
sealed interface SmtpState {

    /** No mail transaction. */
    record Idle() implements SmtpState {}

    /** A mail transaction takes recipients. */
    record Open(MailTransaction transaction) implements SmtpState {}

    /** Mail data arrives. */
    record Receiving(MailTransaction transaction, DataPhase data) implements SmtpState {}

    /** A chunk of mail data is there, and the next is to come. */
    record BetweenChunks(MailTransaction transaction, DataPhase data) implements SmtpState {}

    /** A chunk that nobody wants is read to its end: its octets are never commands (CVE-2017-16943). */
    record Skipping(long left, Reply reply, SmtpState after) implements SmtpState {}

    /** The host owes an answer; {@code chunk} is there where BDAT made the engine ask. */
    record Asking(SmtpAction.Question question, Optional<Command.Bdat> chunk) implements SmtpState {}

    /** The client owes a response. */
    record LoggingIn(SaslDialog dialog) implements SmtpState {}

    /** The host owes the end of the handshake. */
    record Handshaking() implements SmtpState {}

    /** Nothing that the client sends is read any more. */
    record Closed() implements SmtpState {}

    /** Whether a mail transaction is open, or about to be. */
    default boolean inTransaction() {
        return switch (this) {
            case Open _, Receiving _, BetweenChunks _ -> true;
            case Asking(var question, var _) -> !(question instanceof SmtpAction.AskCredentials);
            case Skipping(var _, var _, var after) -> after.inTransaction();
            case Idle _, LoggingIn _, Handshaking _, Closed _ -> false;
        };
    }

    /** Whether the host has something of a mail that it must be told to drop. */
    default boolean hostHoldsMail() {
        return switch (this) {
            case Open _, BetweenChunks _ -> true;
            case Receiving(var _, var data) -> data.refusal().isEmpty();
            case Asking(SmtpAction.AskMail _, var _) -> false;
            case Asking(var question, var _) -> !(question instanceof SmtpAction.AskCredentials);
            case Skipping(var _, var _, var after) -> after.hostHoldsMail();
            case Idle _, LoggingIn _, Handshaking _, Closed _ -> false;
        };
    }
}
