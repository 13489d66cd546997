package org.postbus.mailbox.imports;

import java.io.IOException;

/** The octets are not what their media type says. */
final class NotAnArchive extends IOException {

    private static final long serialVersionUID = 1L;

    /** @param message one sentence for who sent them */
    NotAnArchive(String message) {
        super(message);
    }
}
