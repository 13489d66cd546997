/**
 * Final delivery: what {@code mail.routed} brings is filed in maildrops, each mail exactly once.
 *
 * <p>A batch of records is one transaction of few statements. The first decision about a mail stands: whoever inserts
 * the mail's row in {@code content} has decided it, and all else about that mail is ignored. Then the accounts are
 * locked in the order of their ids, deliveries are judged, and octets, entries, sums and the one {@code mail.failed}
 * are written.
 */
package org.postbus.mailbox.filing;
