package org.postbus.delivery.queue.admin;

import java.util.List;
import java.util.Optional;

/**
 * What was found in a bounded number of rows.
 *
 * @param next behind which it goes on; empty at the end of the queue
 */
record Stretch(List<QueueItem> items, Optional<RecipientKey> next) {
}
