package org.postbus.mailbox.content;

import java.util.Optional;
import java.util.UUID;

/**
 * A mail in its stored form, as POP3 and the API will show it.
 *
 * @param headerSection all of it, the empty line included
 * @param octets        of the whole mail, header section and body
 * @param chunks        rows that hold it
 * @param data          the whole mail, where it is small enough to be one row; empty where its rows are written already
 */
public record StoredMail(UUID mailId, byte[] headerSection, long octets, int chunks, Optional<byte[]> data) {
}
