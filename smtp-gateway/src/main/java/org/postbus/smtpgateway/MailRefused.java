package org.postbus.smtpgateway;

import org.postbus.protocol.smtp.Reply;

/** A mail whose data cannot be taken further, with the reply that says why. Cheap: it bears no stack trace. */
final class MailRefused extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient Reply reply;

    MailRefused(Reply reply) {
        super(reply.text(), null, false, false);
        this.reply = reply;
    }

    Reply reply() {
        return reply;
    }
}
