package org.postbus.mailbox.content;

import java.util.Optional;
import java.util.UUID;

/**
 * A mail in its stored form, as POP3 and the API will show it.
 *
 * @param headerSection all of it, the empty line included
 * @param octets        of the whole mail, header section and body
 * @param chunks        that it came in, and lies in
 * @param data          the whole mail, where it is one chunk; empty where its chunks are written already
 */
public record StoredMail(UUID mailId, byte[] headerSection, long octets, int chunks, Optional<byte[]> data) {
}
