package org.postbus.events.directory;

import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The directory in memory: one thread applies changes, any thread reads. */
final class DirectoryTable implements Directory {

    private final Map<String, DirectoryEntry> entries = new ConcurrentHashMap<>();
    private final Map<String, Long> versions = new ConcurrentHashMap<>();
    private volatile boolean rebuilding;

    /** Changes that are not newer than what is known about their key are ignored. */
    void apply(DirectoryChange change) {
        if (versions.getOrDefault(change.key(), -1L) >= change.version()) {
            return;
        }
        versions.put(change.key(), change.version());
        switch (change) {
            case DirectoryChange.Put put -> entries.put(put.key(), put.entry());
            case DirectoryChange.Deleted(String key, long _) when key.equals(DirectoryChange.Rebuilding.KEY) -> rebuilding = false;
            case DirectoryChange.Deleted deleted -> entries.remove(deleted.key());
            case DirectoryChange.Rebuilding _ -> rebuilding = true;
        }
    }

    int size() {
        return entries.size();
    }

    @Override
    public Optional<DirectoryEntry.Domain> domain(String name) {
        return entries.get(DirectoryChange.domainKey(name)) instanceof DirectoryEntry.Domain domain
                ? Optional.of(domain) : Optional.empty();
    }

    @Override
    public Optional<DirectoryEntry> address(String canonicalAddress) {
        return Optional.ofNullable(entries.get(DirectoryChange.addressKey(canonicalAddress)));
    }

    /** The oldest domain that can take mail for its postmaster. A scan: such mail is rare and domains are few. */
    @Override
    public Optional<DirectoryEntry.Domain> postmasterDomain() {
        return entries.values().stream()
                .filter(DirectoryEntry.Domain.class::isInstance).map(DirectoryEntry.Domain.class::cast)
                .filter(domain -> domain.postmaster().isPresent())
                .min(Comparator.comparing(DirectoryEntry.Domain::name));
    }

    /** Whether names are to follow that may have been here before. */
    boolean isRebuilding() {
        return rebuilding;
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }
}
