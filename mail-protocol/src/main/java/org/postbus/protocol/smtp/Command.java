package org.postbus.protocol.smtp;

import java.util.Optional;
import org.postbus.protocol.address.ReversePath;
import org.postbus.protocol.sasl.SaslMechanism;

/** A command whose syntax is right; when it may come is the engine's to judge. */
sealed interface Command {

    /** HELO or EHLO. */
    record Greet(Helo helo) implements Command {}

    record Mail(ReversePath reversePath, MailParameters parameters) implements Command {}

    record Rcpt(Recipient recipient) implements Command {}

    record Data() implements Command {}

    /** A chunk of mail data follows (RFC 3030). */
    record Bdat(long octets, boolean last) implements Command {}

    record StartTls() implements Command {}

    /** @param initialResponse as it stands in the line; empty where there is none */
    record Auth(SaslMechanism mechanism, Optional<String> initialResponse) implements Command {}

    record Rset() implements Command {}

    record Quit() implements Command {}

    /** A command whose reply is always the same: NOOP, VRFY, HELP. */
    record Fixed(Reply reply) implements Command {}

    /** A command that does not keep its syntax. */
    record Bad(Reply reply) implements Command {}

    /** A command after which nothing that the client sends can be trusted to be a command. */
    record Fatal(Reply reply) implements Command {}
}
