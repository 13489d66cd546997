package org.postbus.events.directory;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Resolves addresses: account, alias, both again without the {@code +tag}, the postmaster, the catch-all. Alias
 * chains are followed; an address is visited once, so a cycle ends.
 */
public final class Resolver {

    /** Addresses that one resolution visits at most. */
    public static final int MAX_VISITS = 10_000;

    /** Aliases in a row. */
    public static final int MAX_CHAIN = 20;

    private static final String POSTMASTER = "postmaster";

    private final Directory directory;

    public Resolver(Directory directory) {
        this.directory = directory;
    }

    /** @param canonicalAddress in canonical form, or {@code postmaster} alone */
    public Resolution resolve(String canonicalAddress) {
        Walk walk = new Walk();
        walk.visit(canonicalAddress, List.of());
        return new Resolution(List.copyOf(walk.leaves), walk.steps);
    }

    private final class Walk {

        private final Set<Resolution.Leaf> leaves = new LinkedHashSet<>();
        private final Set<String> visited = new HashSet<>();
        private final List<String> steps = new ArrayList<>();

        void visit(String address, List<String> chain) {
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
            int at = address.lastIndexOf('@');
            String domain = address.substring(at + 1);
            Optional<DirectoryEntry.Domain> local = directory.domain(domain);
            if (local.isEmpty()) {
                end(new Resolution.Leaf.Remote(address), "the domain is not local");
                return;
            }
            inDomain(address, address.substring(0, Math.max(at, 0)), local.get(), chain);
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
            List<String> longer = new ArrayList<>(chain);
            longer.add(address);
            alias.targets().forEach(target -> visit(target, longer));
        }

        private void postmaster(String address, DirectoryEntry.Domain domain, List<String> chain) {
            if (domain.postmaster().isEmpty()) {
                end(new Resolution.Leaf.NoPostmaster(address), "the domain has no account yet");
                return;
            }
            steps.add(address + ": postmaster of the domain is " + domain.postmaster().get());
            List<String> longer = new ArrayList<>(chain);
            longer.add(address);
            visit(domain.postmaster().get(), longer);
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

    private static String withoutTag(String localPart) {
        int plus = localPart.startsWith("\"") ? -1 : localPart.indexOf('+');
        return plus > 0 ? localPart.substring(0, plus) : localPart;
    }
}
