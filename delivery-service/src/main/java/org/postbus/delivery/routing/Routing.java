package org.postbus.delivery.routing;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.postbus.delivery.Outgoing;
import org.postbus.events.Envelope;
import org.postbus.events.FailedRecipient;
import org.postbus.events.MailIds;
import org.postbus.events.RoutedEnvelope;
import org.postbus.events.RoutedEnvelope.LocalDelivery;
import org.postbus.events.TrailEvent;
import org.postbus.events.TrailEvent.Recipient;
import org.postbus.events.TrailStep;

/**
 * Where one mail goes, and why.
 *
 * @param relays who gets it by other servers, each once
 * @param steps  how each address led on, one line each
 */
record Routing(RoutedEnvelope decision, List<RelayRecipient> relays, List<String> steps) {

    private static final String ADDRESS_VALID = "2.1.5";

    Routing {
        relays = List.copyOf(relays);
        steps = List.copyOf(steps);
    }

    /** Whether mailbox-service has something to do with it: maildrops, or failures that are told by it. */
    boolean isFiled() {
        return !decision.deliveries().isEmpty() || !decision.failures().isEmpty();
    }

    /** Whether it goes into the outbound queue. */
    boolean isRelayed() {
        return !relays.isEmpty();
    }

    static FailedRecipient notRelayed(String originalRecipient, String finalRecipient) {
        return new FailedRecipient(originalRecipient, finalRecipient, "5.7.1", "Mail is not relayed to that domain");
    }

    /** EXPANDED, if an address led to another one; and ROUTED. Their ids come from the mail: told twice, they show once. */
    List<TrailEvent> trail(Instant now, long octets) {
        List<Recipient> found = Stream.concat(decision.deliveries().stream().map(Routing::recipient),
                relays.stream().map(Routing::recipient)).toList();
        List<Recipient> expanded = found.stream()
                .filter(one -> !one.originalRecipient().equalsIgnoreCase(one.finalRecipient())).toList();
        List<Recipient> all = new ArrayList<>(found);
        decision.failures().stream().map(Routing::recipient).forEach(all::add);
        List<TrailEvent> events = new ArrayList<>();
        if (!expanded.isEmpty()) {
            events.add(event(TrailStep.EXPANDED, now, expanded, octets, String.join("; ", steps)));
        }
        events.add(event(TrailStep.ROUTED, now, all, octets, ""));
        return events;
    }

    private TrailEvent event(TrailStep step, Instant now, List<Recipient> recipients, long octets, String detail) {
        Envelope envelope = decision.accepted();
        UUID id = MailIds.derived(envelope.mailId(), Outgoing.SERVICE + "/" + step, envelope.acceptedAt());
        return new TrailEvent(id, now, Outgoing.SERVICE, step, Optional.of(envelope.mailId()), Optional.empty(), "",
                Optional.of(envelope.reversePath()), recipients, List.of(), Optional.empty(), octets, detail);
    }

    private static Recipient recipient(LocalDelivery delivery) {
        return new Recipient(delivery.originalRecipient(), delivery.finalRecipient(), ADDRESS_VALID, "");
    }

    private static Recipient recipient(RelayRecipient relay) {
        return new Recipient(relay.originalRecipient(), relay.finalRecipient(), ADDRESS_VALID, "");
    }

    private static Recipient recipient(FailedRecipient failure) {
        return new Recipient(failure.originalRecipient(), failure.finalRecipient(), failure.status(), failure.diagnosticCode());
    }
}
