package org.postbus.events.directory;

import java.util.List;
import java.util.UUID;

/**
 * Where an address leads.
 *
 * @param leaves where it ends, each once; never empty
 * @param steps  how it got there, one line each, for people
 */
public record Resolution(List<Leaf> leaves, List<String> steps) {

    public Resolution {
        leaves = List.copyOf(leaves);
        steps = List.copyOf(steps);
    }

    /** Whether mail for it is filed in at least one maildrop. */
    public boolean deliverable() {
        return leaves.stream().anyMatch(Leaf.Maildrop.class::isInstance);
    }

    /** One end of the way. */
    public sealed interface Leaf {

        /** The address that the way ends at. */
        String address();

        record Maildrop(String address, UUID accountId) implements Leaf {
        }

        /** A disabled account. */
        record Disabled(String address) implements Leaf {
        }

        /** A local domain without such an address. */
        record Unknown(String address) implements Leaf {
        }

        /** A domain that is not ours. */
        record Remote(String address) implements Leaf {
        }

        /** The postmaster of a domain that has no account yet: never refused, so the client tries again. */
        record NoPostmaster(String address) implements Leaf {
        }

        /** Aliases that lead back to themselves or too far. */
        record Loop(String address) implements Leaf {
        }
    }
}
