/**
 * The octets of stored mail: each mail once, however many maildrops it is in, in rows of a chunk each.
 *
 * <p>The row of {@code content} is also the marker that a mail was decided: it outlives its octets for as long as the
 * event log could bring the mail again.
 */
package org.postbus.mailbox.content;
