package org.postbus.protocol.smtp;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.postbus.protocol.address.ReversePath;

/** A mail transaction (RFC 5321, section 3.3). RSET drops the object, and with it all there is to forget. */
public final class MailTransaction {

    private final ReversePath reversePath;
    private final MailParameters parameters;
    private final List<Recipient> recipients = new ArrayList<>(1);

    MailTransaction(ReversePath reversePath, MailParameters parameters) {
        this.reversePath = reversePath;
        this.parameters = parameters;
    }

    public ReversePath reversePath() {
        return reversePath;
    }

    public MailParameters parameters() {
        return parameters;
    }

    /** The accepted recipients in the order of their commands. */
    public List<Recipient> recipients() {
        return Collections.unmodifiableList(recipients);
    }

    void add(Recipient recipient) {
        recipients.add(recipient);
    }
}
