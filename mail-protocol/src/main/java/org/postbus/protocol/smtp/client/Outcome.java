package org.postbus.protocol.smtp.client;

/** What became of one recipient. */
public sealed interface Outcome {

    OutboundRecipient recipient();

    /** The remote has taken the mail for it; {@code reply} is the one to the mail data. */
    record Relayed(OutboundRecipient recipient, RemoteReply reply) implements Outcome {}

    /** To be tried again. */
    record TemporaryFailure(OutboundRecipient recipient, Failure failure) implements Outcome {}

    /** Not to be tried again. */
    record PermanentFailure(OutboundRecipient recipient, Failure failure) implements Outcome {}

    static Outcome of(OutboundRecipient recipient, Failure failure) {
        return failure.isPermanent() ? new PermanentFailure(recipient, failure) : new TemporaryFailure(recipient, failure);
    }
}
