package org.postbus.smtpgateway.filter;

import org.postbus.protocol.smtp.Replies;

/** A reply that a milter words itself: {@code 550 5.7.1 text}, of one line or several. */
final class MilterReply {

    private static final String CODES = "^[45][0-9]{2}[ -]([245]\\.[0-9]{1,3}\\.[0-9]{1,3} )?";

    private MilterReply() {
    }

    /** Its text is told to the client, under the codes that this server gives; whether it is for ever is the milter's to say. */
    static Verdict verdict(String reply) {
        String text = reply.lines().findFirst().orElse("").replaceFirst(CODES, "");
        return new Verdict.Refuse(reply.startsWith("4") ? Replies.deferred(text) : Replies.filtered(text));
    }
}
