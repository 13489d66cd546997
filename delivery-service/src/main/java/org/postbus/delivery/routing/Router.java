package org.postbus.delivery.routing;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
import org.postbus.events.directory.Srs;
import org.postbus.protocol.address.AddressSyntaxException;
import org.postbus.protocol.address.Mailbox;
import org.postbus.protocol.address.ReversePath;
import org.postbus.protocol.smtp.Notify;

/** Decides where a mail goes: each forward-path is resolved, and each maildrop or remote address it leads to gets the mail once. */
public final class Router {

    private static final String POSTMASTER = "postmaster";

    private final Directory directory;
    private final Optional<Srs> srs;
    private final Resolver resolver;

    /** @param srs rewrites the reverse-paths of forwarded mail; without it they stay */
    public Router(Directory directory, Optional<Srs> srs) {
        this.directory = directory;
        this.srs = srs;
        this.resolver = new Resolver(directory, srs);
    }

    /** @throws ContractViolation a path is no address of RFC 5321 section 4.1.2, whoever accepted it */
    Routing route(Envelope envelope) throws ContractViolation {
        Decision decision = new Decision(envelope, reversePath(envelope.reversePath()));
        for (String forwardPath : envelope.forwardPaths()) {
            Resolution resolution = resolve(forwardPath);
            decision.steps.addAll(resolution.steps());
            resolution.leaves().forEach(leaf -> decision.add(forwardPath, leaf));
        }
        return decision.routing();
    }

    /** What is known so far of one mail. Of several paths to one end one stands for all. */
    private final class Decision {

        private final Envelope envelope;
        private final ReversePath reversePath;
        private final Map<UUID, LocalDelivery> deliveries = new LinkedHashMap<>();
        private final Map<String, RelayRecipient> relays = new LinkedHashMap<>();
        private final List<FailedRecipient> failures = new ArrayList<>();
        private final List<String> steps = new ArrayList<>();

        Decision(Envelope envelope, ReversePath reversePath) {
            this.envelope = envelope;
            this.reversePath = reversePath;
        }

        Routing routing() {
            return new Routing(new RoutedEnvelope(envelope, List.copyOf(deliveries.values()), failures),
                    List.copyOf(relays.values()), steps);
        }

        void add(String forwardPath, Leaf leaf) {
            switch (leaf) {
                case Leaf.Maildrop drop -> deliveries.merge(drop.accountId(),
                        new LocalDelivery(drop.accountId(), drop.address(), forwardPath),
                        (before, now) -> wants(now.originalRecipient()) > wants(before.originalRecipient()) ? now : before);
                case Leaf.Remote remote when envelope.relaying() ->
                    relay(new RelayRecipient(forwardPath, remote.address(), envelope.reversePath()));
                case Leaf.Forwarded(var address, var by) -> relay(new RelayRecipient(forwardPath, address, rewritten(by)));
                case Leaf.Remote remote -> failures.add(Routing.notRelayed(forwardPath, remote.address()));
                case Leaf.Unknown _ -> fail(forwardPath, leaf, "5.1.1", "There is no such address");
                case Leaf.NoPostmaster _ -> fail(forwardPath, leaf, "5.1.1", "There is no postmaster yet");
                case Leaf.Disabled _ -> fail(forwardPath, leaf, "5.2.1", "The account is disabled");
                case Leaf.Loop _ -> fail(forwardPath, leaf, "5.4.6", "The aliases lead in a circle or too far");
            }
        }

        private void relay(RelayRecipient relay) {
            relays.merge(relay.finalRecipient(), relay,
                    (before, now) -> wants(now.originalRecipient()) > wants(before.originalRecipient()) ? now : before);
        }

        private void fail(String forwardPath, Leaf leaf, String status, String why) {
            failures.add(new FailedRecipient(forwardPath, leaf.address(), status, why));
        }

        /** It must want to hear of a failure, if any does. */
        private int wants(String forwardPath) {
            return (envelope.asksFor(Notify.FAILURE, forwardPath) ? 2 : 0) + (envelope.asksFor(Notify.SUCCESS, forwardPath) ? 1 : 0);
        }

        /** Ours need no rewriting, and the null one has nobody to come back to. */
        private String rewritten(String by) {
            return switch (reversePath) {
                case ReversePath.Of(var mailbox) when srs.isPresent() && directory.domain(mailbox.canonicalDomain()).isEmpty() ->
                    srs.get().rewrite(mailbox, by.substring(by.lastIndexOf('@') + 1)).toString();
                case ReversePath.Of _, ReversePath.None _ -> envelope.reversePath();
            };
        }
    }

    private Resolution resolve(String forwardPath) throws ContractViolation {
        return forwardPath.equalsIgnoreCase(POSTMASTER) ? resolver.resolve(POSTMASTER) : resolver.resolve(mailbox(forwardPath));
    }

    private static ReversePath reversePath(String path) throws ContractViolation {
        return path.isEmpty() ? new ReversePath.None() : new ReversePath.Of(mailbox(path));
    }

    private static Mailbox mailbox(String path) throws ContractViolation {
        try {
            return Mailbox.parse(path);
        } catch (AddressSyntaxException e) {
            throw new ContractViolation("not an address: " + e.getMessage(), e);
        }
    }
}
