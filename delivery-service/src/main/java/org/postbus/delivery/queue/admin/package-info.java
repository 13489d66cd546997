/**
 * What an operator sees of the outbound queue, and does to it. {@link org.postbus.delivery.queue.admin.QueueResource} is about one
 * mail, {@link org.postbus.delivery.queue.admin.QueueBulkResource} about all that a
 * filter fits.
 *
 * <p>A queue may hold millions: every statement here looks at a bounded number of rows, in the order of the primary key, or
 * has a time-out.
 */
package org.postbus.delivery.queue.admin;
