package org.postbus.mailbox.credential;

/** What an account's password is set by: itself, or the hash that another server had of it. */
public sealed interface Secret permits Password, PasswordHash {
}
