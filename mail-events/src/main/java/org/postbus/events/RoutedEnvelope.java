package org.postbus.events;

import java.util.List;
import java.util.UUID;

/**
 * The routing decision for one mail: where each forward-path went. The first decision about a mail that
 * reaches mailbox-service stands; later ones are ignored, so failures travel in it too.
 *
 * @param accepted   the envelope the decision is about
 * @param deliveries local accounts, each once however many forward-paths end there
 * @param failures   forward-paths that go nowhere
 */
public record RoutedEnvelope(Envelope accepted, List<LocalDelivery> deliveries, List<FailedRecipient> failures) {

    /**
     * @param accountId         where to file it; names the account for ever, unlike its address
     * @param finalRecipient    the account's address (RFC 3464 section 2.3.2)
     * @param originalRecipient the forward-path that led there; the first, if several did
     */
    public record LocalDelivery(UUID accountId, String finalRecipient, String originalRecipient) {
    }

    public RoutedEnvelope {
        deliveries = List.copyOf(deliveries);
        failures = List.copyOf(failures);
    }
}
