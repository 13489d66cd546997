package org.postbus.events;

/**
 * A recipient that has the mail, in the words of RFC 3464 section 2.3.
 *
 * @param originalRecipient the forward-path as the client gave it
 * @param finalRecipient    the account's address
 */
public record DeliveredRecipient(String originalRecipient, String finalRecipient) {
}
