package org.postbus.events.directory;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.postbus.protocol.address.Mailbox;

/**
 * Resolves addresses: a reverse-path that we rewrote, account, alias, both again without the {@code +tag}, the postmaster, the
 * catch-all. Alias chains are followed; an address is visited once, so a cycle ends.
 */
public final class Resolver {

    /** Addresses that one resolution visits at most. */
    public static final int MAX_VISITS = 10_000;

    /** Aliases in a row. */
    public static final int MAX_CHAIN = 20;

    private static final String POSTMASTER = "postmaster";

    private final Directory directory;
    private final Optional<Srs> srs;

    /** Without reverse-paths that we rewrote: they are addresses like any other. */
    public Resolver(Directory directory) {
        this(directory, Optional.empty());
    }

    public Resolver(Directory directory, Optional<Srs> srs) {
        this.directory = directory;
        this.srs = srs;
    }

    /** @param canonicalAddress in canonical form, or {@code postmaster} alone; no rewritten reverse-path is known in that form */
    public Resolution resolve(String canonicalAddress) {
        Walk walk = new Walk();
        walk.visit(canonicalAddress, List.of());
        return walk.resolution();
    }

    /** Of what a client named. Its spelling counts where it leads out again: no local part elsewhere is ours to fold. */
    public Resolution resolve(Mailbox mailbox) {
        Walk walk = new Walk();
        walk.enter(mailbox, List.of());
        return walk.resolution();
    }

    private final class Walk {

        private final Set<Resolution.Leaf> leaves = new LinkedHashSet<>();
        private final Set<String> visited = new HashSet<>();
        private final List<String> steps = new ArrayList<>();

        Resolution resolution() {
            return new Resolution(List.copyOf(leaves), steps);
        }

        void enter(Mailbox mailbox, List<String> chain) {
            String domain = mailbox.canonicalDomain();
            if (directory.domain(domain).isEmpty()) {
                elsewhere(new Mailbox(mailbox.localPart(), domain).toString(), chain);
            } else if (srs.isPresent() && Srs.claims(mailbox.localPart())) {
                comeBack(mailbox, srs.get(), chain);
            } else {
                visit(mailbox.canonical(), chain);
            }
        }

        /** Whoever answers the reverse-path of a forwarded mail. Each round takes a form off, so this ends. */
        private void comeBack(Mailbox rewritten, Srs scheme, List<String> chain) {
            String address = rewritten.canonical();
            scheme.reverse(rewritten.localPart()).ifPresentOrElse(original -> {
                steps.add(address + ": the reverse-path of mail forwarded from " + original);
                enter(original, longer(chain, address));
            }, () -> end(new Resolution.Leaf.Unknown(address), "a rewritten reverse-path, not ours or too old"));
        }

        void visit(String target, List<String> chain) {
            int at = target.lastIndexOf('@');
            Optional<DirectoryEntry.Domain> local = directory.domain(target.substring(at + 1));
            // An alias that is older than the domain still spells its target as it was given.
            String address = local.isPresent() ? target.toLowerCase(Locale.ROOT) : target;
            if (chain.contains(address) || chain.size() > MAX_CHAIN || visited.size() >= MAX_VISITS) {
                end(new Resolution.Leaf.Loop(address), "alias cycle or chain too long");
                return;
            }
            if (!visited.add(address)) {
                return;
            }
            if (address.equals(POSTMASTER)) {
                bareHostPostmaster(chain);
                return;
            }
            if (local.isEmpty()) {
                elsewhere(address, chain);
                return;
            }
            inDomain(address, address.substring(0, Math.max(at, 0)), local.get(), chain);
        }

        private void elsewhere(String address, List<String> chain) {
            if (chain.isEmpty()) {
                end(new Resolution.Leaf.Remote(address), "remote: relayed for authenticated accounts and relay networks");
            } else {
                end(new Resolution.Leaf.Forwarded(address, chain.getLast()), "relayed to domain "
                        + address.substring(address.lastIndexOf('@') + 1) + ", forwarded by " + chain.getLast());
            }
        }

        private void bareHostPostmaster(List<String> chain) {
            directory.postmasterDomain().ifPresentOrElse(
                    domain -> visit(POSTMASTER + "@" + domain.name(), chain),
                    () -> end(new Resolution.Leaf.NoPostmaster(POSTMASTER), "no domain yet"));
        }

        private void inDomain(String address, String localPart, DirectoryEntry.Domain domain, List<String> chain) {
            Optional<DirectoryEntry> entry = directory.address(address);
            String untagged = withoutTag(localPart);
            if (entry.isEmpty() && !untagged.equals(localPart)) {
                entry = directory.address(untagged + "@" + domain.name());
                entry.ifPresent(found -> steps.add(address + ": without its +tag " + untagged + "@" + domain.name()));
            }
            if (entry.isPresent()) {
                follow(address, entry.get(), chain);
            } else if (untagged.equals(POSTMASTER)) {
                postmaster(address, domain, chain);
            } else {
                catchAll(address, domain, chain);
            }
        }

        private void follow(String address, DirectoryEntry entry, List<String> chain) {
            switch (entry) {
                case DirectoryEntry.Account account when account.enabled() ->
                    end(new Resolution.Leaf.Maildrop(account.address(), account.accountId()), "account");
                case DirectoryEntry.Account account ->
                    end(new Resolution.Leaf.Disabled(account.address()), "account, disabled");
                case DirectoryEntry.Alias alias -> expand(address, alias, chain);
                case DirectoryEntry.Domain domain -> end(new Resolution.Leaf.Unknown(address), "no address");
            }
        }

        private void expand(String address, DirectoryEntry.Alias alias, List<String> chain) {
            steps.add(address + ": alias " + alias.address() + " to " + String.join(", ", alias.targets()));
            List<String> longer = longer(chain, address);
            alias.targets().forEach(target -> visit(target, longer));
        }

        private void postmaster(String address, DirectoryEntry.Domain domain, List<String> chain) {
            if (domain.postmaster().isEmpty()) {
                end(new Resolution.Leaf.NoPostmaster(address), "the domain has no account yet");
                return;
            }
            steps.add(address + ": postmaster of the domain is " + domain.postmaster().get());
            visit(domain.postmaster().get(), longer(chain, address));
        }

        private void catchAll(String address, DirectoryEntry.Domain domain, List<String> chain) {
            directory.address("@" + domain.name()).ifPresentOrElse(
                    entry -> follow(address, entry, chain),
                    () -> end(new Resolution.Leaf.Unknown(address), "no such address in a local domain"));
        }

        private void end(Resolution.Leaf leaf, String why) {
            leaves.add(leaf);
            steps.add(leaf.address() + ": " + why);
        }
    }

    private static List<String> longer(List<String> chain, String address) {
        List<String> longer = new ArrayList<>(chain);
        longer.add(address);
        return longer;
    }

    private static String withoutTag(String localPart) {
        int plus = localPart.startsWith("\"") ? -1 : localPart.indexOf('+');
        return plus > 0 ? localPart.substring(0, plus) : localPart;
    }
}
