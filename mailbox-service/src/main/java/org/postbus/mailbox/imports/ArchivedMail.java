package org.postbus.mailbox.imports;

import java.io.InputStream;
import java.util.Optional;

/**
 * A message of an archive.
 *
 * @param name    of its file; empty in an mbox
 * @param decided what becomes of it unread; empty if it is to be filed
 * @param octets  of the message as the archive has them, to be read before the next one is asked for
 */
record ArchivedMail(Optional<String> name, Optional<Verdict> decided, InputStream octets) {
}
