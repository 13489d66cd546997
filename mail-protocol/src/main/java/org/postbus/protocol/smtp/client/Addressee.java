package org.postbus.protocol.smtp.client;

import java.util.Optional;
import org.postbus.protocol.address.ForwardPath;

/** A recipient on its way through a mail transaction. */
final class Addressee {

    final OutboundRecipient recipient;
    /** Empty where the text is no path. */
    final Optional<ForwardPath> path;
    private boolean accepted;
    private Optional<Failure> failure = Optional.empty();

    Addressee(OutboundRecipient recipient) {
        this.recipient = recipient;
        this.path = EnvelopeCommands.forwardPath(recipient.forwardPath());
    }

    void accept() {
        accepted = true;
    }

    /** The remote has taken RCPT. */
    boolean isAccepted() {
        return accepted;
    }

    /** The first reason stays. */
    void fail(Failure why) {
        failure = failure.or(() -> Optional.of(why));
    }

    boolean hasFailed() {
        return failure.isPresent();
    }

    /** @param reply to the mail data; asked for only where nothing has failed */
    Outcome outcome(Optional<RemoteReply> reply) {
        return failure.map(why -> Outcome.of(recipient, why))
                .orElseGet(() -> new Outcome.Relayed(recipient, reply.orElseThrow()));
    }
}
