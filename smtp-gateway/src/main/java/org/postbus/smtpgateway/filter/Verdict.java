package org.postbus.smtpgateway.filter;

import org.postbus.events.HeaderEdits;
import org.postbus.protocol.smtp.Reply;

/** What a filter says. */
public sealed interface Verdict {

    /** Take it, with these changes of its header section. */
    record Accept(HeaderEdits edits) implements Verdict { }

    /** Do not: for now (4yz), or for ever (5yz). */
    record Refuse(Reply reply) implements Verdict { }
}
