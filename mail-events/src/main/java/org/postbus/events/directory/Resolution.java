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

    /**
     * Whether mail for it, whoever sends it, is filed in at least one maildrop or relayed to where an address of ours forwards.
     * What the client itself named elsewhere is for the caller to judge: {@link Leaf.Remote}.
     */
    public boolean deliverable() {
        return leaves.stream().anyMatch(leaf -> leaf instanceof Leaf.Maildrop || leaf instanceof Leaf.Forwarded);
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

        /** The client named an address of a domain that is not ours: its local part in the client's spelling, the domain in A-labels. */
        record Remote(String address) implements Leaf {
        }

        /**
         * A domain that is not ours, which an address of ours leads to.
         *
         * @param by the address of ours: the last of the way, in canonical form
         */
        record Forwarded(String address, String by) implements Leaf {
        }

        /** The postmaster of a domain that has no account yet: never refused, so the client tries again. */
        record NoPostmaster(String address) implements Leaf {
        }

        /** Aliases that lead back to themselves or too far. */
        record Loop(String address) implements Leaf {
        }
    }
}
