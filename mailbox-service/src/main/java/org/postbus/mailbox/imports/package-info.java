/**
 * Mail of another server: an mbox or a tar of a Maildir, filed into a maildrop while it is read.
 *
 * <p>Nothing of it takes the way of live mail. Messages of one chunk are filed in batches of one transaction, a larger one
 * chunk by chunk in a transaction of its own. What an account was given once is known by its digest, so that an import can
 * be run again.
 */
package org.postbus.mailbox.imports;
