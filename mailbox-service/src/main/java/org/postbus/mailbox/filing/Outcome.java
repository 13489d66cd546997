package org.postbus.mailbox.filing;

import java.util.List;
import java.util.UUID;
import org.postbus.events.FailedRecipient;
import org.postbus.events.RoutedEnvelope.LocalDelivery;

/**
 * How a decided mail fared.
 *
 * @param delivered deliveries that hold, those among them that met a tombstone
 * @param failures  routing's and ours
 * @param filed     whether at least one maildrop has it now
 */
record Outcome(Decision decision, List<LocalDelivery> delivered, List<FailedRecipient> failures, boolean filed) {

    UUID mailId() {
        return decision.mailId();
    }
}
