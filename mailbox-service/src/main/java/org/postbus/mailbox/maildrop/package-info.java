/**
 * Maildrops as POP3 sees them: entries, the lock, the snapshot, and deletions out of {@code maildrop.updated}.
 *
 * <p>A deletion is promised by the event log before this service knows of it. So whoever gives a maildrop to the next
 * session makes sure first that everything promised to the last one is applied. Whoever changes a maildrop or its
 * lock holds the row lock of its account.
 */
package org.postbus.mailbox.maildrop;
