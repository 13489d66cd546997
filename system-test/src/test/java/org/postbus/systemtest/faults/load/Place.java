package org.postbus.systemtest.faults.load;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Where one copy of a mail, or the notification about it, is due or was seen: a maildrop and what is in it. */
public final class Place {

    private final String account;
    private final String item;
    private final Set<String> uniqueIds = ConcurrentHashMap.newKeySet();
    private volatile long deletedAt = Long.MAX_VALUE;

    Place(String account, String item) {
        this.account = account;
        this.item = item;
    }

    /** Every unique-id that it was ever listed under; more than one is a second copy. */
    public Set<String> uniqueIds() {
        return uniqueIds;
    }

    public boolean isDeleted() {
        return deletedAt != Long.MAX_VALUE;
    }

    /** Whether QUIT's +OK for it had come at that time of {@link System#nanoTime}. */
    boolean wasDeletedBefore(long nanos) {
        return isDeleted() && deletedAt - nanos < 0;
    }

    void deleted() {
        deletedAt = System.nanoTime();
    }

    public String account() {
        return account;
    }

    @Override
    public String toString() {
        return item + " in " + account + " as " + uniqueIds + (isDeleted() ? ", deleted" : "");
    }
}
