package org.postbus.events;

/**
 * A recipient that will not get the mail, in the words of RFC 3464 section 2.3.
 *
 * @param originalRecipient the forward-path as the client gave it
 * @param finalRecipient    the address that the failure is about
 * @param status            an enhanced status code (RFC 3463), for example {@code 5.1.1}
 * @param diagnosticCode    one line of printable text that says why
 */
public record FailedRecipient(String originalRecipient, String finalRecipient, String status, String diagnosticCode) {
}
