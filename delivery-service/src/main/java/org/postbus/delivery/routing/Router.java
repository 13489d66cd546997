package org.postbus.delivery.routing;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.postbus.events.ContractViolation;
import org.postbus.events.Envelope;
import org.postbus.events.FailedRecipient;
import org.postbus.events.RoutedEnvelope;
import org.postbus.events.RoutedEnvelope.LocalDelivery;
import org.postbus.events.directory.Directory;
import org.postbus.events.directory.Resolution;
import org.postbus.events.directory.Resolution.Leaf;
import org.postbus.events.directory.Resolver;
import org.postbus.protocol.address.AddressSyntaxException;
import org.postbus.protocol.address.Mailbox;
import org.postbus.protocol.smtp.Notify;

/** Decides where a mail goes: each forward-path is resolved, and each maildrop it leads to gets the mail once. */
final class Router {

    private static final String POSTMASTER = "postmaster";

    private final Resolver resolver;

    Router(Directory directory) {
        this.resolver = new Resolver(directory);
    }

    /** @throws ContractViolation a path is no address of RFC 5321 section 4.1.2, whoever accepted it */
    Routing route(Envelope envelope) throws ContractViolation {
        requireAddress(envelope.reversePath());
        Map<UUID, LocalDelivery> deliveries = new LinkedHashMap<>();
        List<FailedRecipient> failures = new ArrayList<>();
        List<String> steps = new ArrayList<>();
        for (String forwardPath : envelope.forwardPaths()) {
            Resolution resolution = resolver.resolve(canonical(forwardPath));
            steps.addAll(resolution.steps());
            for (Leaf leaf : resolution.leaves()) {
                if (leaf instanceof Leaf.Maildrop drop) {
                    // Of several paths to one maildrop one stands for all: it must want to hear of a failure, if any does.
                    deliveries.merge(drop.accountId(), new LocalDelivery(drop.accountId(), drop.address(), forwardPath),
                            (before, now) -> wants(envelope, now) > wants(envelope, before) ? now : before);
                } else {
                    failures.add(failure(forwardPath, leaf));
                }
            }
        }
        return new Routing(new RoutedEnvelope(envelope, List.copyOf(deliveries.values()), failures), steps);
    }

    private static int wants(Envelope envelope, LocalDelivery delivery) {
        return (envelope.asksFor(Notify.FAILURE, delivery.originalRecipient()) ? 2 : 0)
                + (envelope.asksFor(Notify.SUCCESS, delivery.originalRecipient()) ? 1 : 0);
    }

    private static FailedRecipient failure(String forwardPath, Leaf leaf) {
        return switch (leaf) {
            case Leaf.Unknown unknown -> failed(forwardPath, leaf, "5.1.1", "There is no such address");
            case Leaf.NoPostmaster none -> failed(forwardPath, leaf, "5.1.1", "There is no postmaster yet");
            case Leaf.Disabled disabled -> failed(forwardPath, leaf, "5.2.1", "The account is disabled");
            case Leaf.Loop loop -> failed(forwardPath, leaf, "5.4.6", "The aliases lead in a circle or too far");
            case Leaf.Remote remote -> failed(forwardPath, leaf, "5.7.1", "Mail is not relayed to that domain");
            case Leaf.Maildrop drop -> throw new IllegalArgumentException("a maildrop is no failure");
        };
    }

    private static FailedRecipient failed(String forwardPath, Leaf leaf, String status, String why) {
        return new FailedRecipient(forwardPath, leaf.address(), status, why);
    }

    private static String canonical(String forwardPath) throws ContractViolation {
        return forwardPath.equalsIgnoreCase(POSTMASTER) ? POSTMASTER : mailbox(forwardPath).canonical();
    }

    private static void requireAddress(String reversePath) throws ContractViolation {
        if (!reversePath.isEmpty()) {
            mailbox(reversePath);
        }
    }

    private static Mailbox mailbox(String path) throws ContractViolation {
        try {
            return Mailbox.parse(path);
        } catch (AddressSyntaxException e) {
            throw new ContractViolation("not an address: " + e.getMessage(), e);
        }
    }
}
