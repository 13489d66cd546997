package org.postbus.events.directory;

import java.util.Optional;

/**
 * Look-up of names in canonical form. Two stand behind it: {@link DirectoryView}, fed by the event log, and
 * mailbox-service's own tables.
 */
public interface Directory {

    /** The domain, if it is local. */
    Optional<DirectoryEntry.Domain> domain(String name);

    /** The account or alias at exactly this address. */
    Optional<DirectoryEntry> address(String canonicalAddress);

    /** The domain that {@code postmaster} without a domain means; empty while there is none. */
    Optional<DirectoryEntry.Domain> postmasterDomain();
}
