package org.postbus.mailbox.imports;

import java.util.UUID;
import org.postbus.mailbox.content.StoredMail;

/** A mail that is to be filed, unless it is known. */
record NewMail(StoredMail mail, Digest digest) {

    UUID mailId() {
        return mail.mailId();
    }
}
