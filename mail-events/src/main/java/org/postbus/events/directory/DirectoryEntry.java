package org.postbus.events.directory;

import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** What {@code mail.directory} says about a name; no credentials. Names are in canonical form. */
public sealed interface DirectoryEntry {

    /** Grows with every change of anything in the directory; an entry never replaces one of a higher version. */
    long version();

    /**
     * A domain whose mail is filed here.
     *
     * @param name       A-label form, lower case
     * @param postmaster the address that gets mail for its postmaster; empty until it has an account
     */
    record Domain(String name, long version, Optional<String> postmaster) implements DirectoryEntry {
    }

    /**
     * @param address its canonical form
     * @param enabled a disabled account refuses mail
     */
    record Account(String address, long version, UUID accountId, boolean enabled) implements DirectoryEntry {
    }

    /**
     * @param address its canonical form; {@code @domain} is the domain's catch-all
     * @param targets addresses, canonical where their domain is local; elsewhere the local part keeps its spelling
     */
    record Alias(String address, long version, List<String> targets) implements DirectoryEntry {

        public Alias {
            targets = List.copyOf(targets);
        }
    }
}
