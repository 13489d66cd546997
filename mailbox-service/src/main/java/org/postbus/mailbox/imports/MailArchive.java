package org.postbus.mailbox.imports;

import java.io.IOException;
import java.util.Optional;

/** Mails one behind the other in one stream of octets. Belongs to one thread. */
interface MailArchive {

    /**
     * The next message; the one before is over, read or not.
     *
     * @return empty behind the last one
     * @throws NotAnArchive the octets are none of this form, or break off
     * @throws IOException  there are no more octets, where there should be
     */
    Optional<ArchivedMail> next() throws IOException;
}
