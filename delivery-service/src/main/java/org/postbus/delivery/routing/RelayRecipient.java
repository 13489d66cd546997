package org.postbus.delivery.routing;

/**
 * A recipient whose mail goes to another server.
 *
 * @param originalRecipient the forward-path that led there
 * @param finalRecipient    where it goes: the local part as it was spelled, the domain in A-labels
 * @param reversePath       what it goes there with; empty for the null reverse-path. In a domain of ours where an address of ours
 *                          forwards it (SRS), else that of the envelope
 */
public record RelayRecipient(String originalRecipient, String finalRecipient, String reversePath) {
}
