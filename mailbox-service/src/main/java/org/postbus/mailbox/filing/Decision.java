package org.postbus.mailbox.filing;

import java.util.UUID;
import org.postbus.events.RoutedEnvelope;
import org.postbus.mailbox.content.StoredMail;

/** A mail that the current batch decides, and no other ever will. */
record Decision(RoutedEnvelope envelope, StoredMail mail) {

    UUID mailId() {
        return mail.mailId();
    }
}
