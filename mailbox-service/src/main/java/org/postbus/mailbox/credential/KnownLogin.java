package org.postbus.mailbox.credential;

import java.util.UUID;

/**
 * A login that was right a while ago, and is right now if the account is enabled and has this version still. Who acts on
 * it asks for that in the same statement.
 */
public record KnownLogin(UUID accountId, long credentialVersion) {
}
