package org.postbus.mailbox.maildrop;

import java.util.UUID;

/**
 * A POP3 session that asks for a maildrop.
 *
 * @param id      minted by the gateway, never used twice
 * @param gateway the name of the gateway instance
 * @param client  the client's IP address
 */
public record MaildropSession(UUID id, String gateway, String client) {
}
