package org.postbus.mailbox.content;

import java.util.Optional;
import java.util.UUID;

/**
 * A mail in its stored form, as POP3 and the API will show it.
 *
 * @param headerSection all of it, the empty line included
 * @param octets        of the whole mail, header section and body
 * @param international whether its header section is not ASCII because its transport allowed that (RFC 6531)
 * @param chunks        that it came in, and lies in
 * @param data          the whole mail, where it is one chunk; empty where its chunks are written already
 */
public record StoredMail(UUID mailId, byte[] headerSection, long octets, boolean international, int chunks, Optional<byte[]> data) {
}
