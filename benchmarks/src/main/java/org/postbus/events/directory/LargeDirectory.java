package org.postbus.events.directory;

import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The table behind a {@link DirectoryView}, filled without Kafka. It is of the view's package because nobody else has
 * to reach that table.
 *
 * <p>100 domains; in each 900 accounts and 100 aliases to them. Every second domain has a catch-all.
 */
public final class LargeDirectory {

    public static final int ACCOUNTS = 90_000;

    private static final int DOMAINS = 100;
    private static final int ALIASES = 10_000;

    private LargeDirectory() {}

    public static Directory make() {
        DirectoryTable table = new DirectoryTable();
        for (int n = 0; n < DOMAINS; n++) {
            put(table, new DirectoryEntry.Domain(domain(n), n + 1, Optional.of("user" + n + "@" + domain(n))));
        }
        for (int n = 0; n < DOMAINS; n += 2) {
            put(table, new DirectoryEntry.Alias("@" + domain(n), n + 1, List.of(account(n))));
        }
        for (int n = 0; n < ACCOUNTS; n++) {
            put(table, new DirectoryEntry.Account(account(n), n + 1, new UUID(7, n), true));
        }
        for (int n = 0; n < ALIASES; n++) {
            put(table, new DirectoryEntry.Alias(alias(n), n + 1, List.of(account(n))));
        }
        return table;
    }

    public static String account(int n) {
        return "user" + n + "@" + domain(n);
    }

    public static String alias(int n) {
        return "alias" + n % ALIASES + "@" + domain(n);
    }

    public static String tagged(int n) {
        return "user" + n + "+lists@" + domain(n);
    }

    /** No address, in a domain with a catch-all. */
    public static String caught(int n) {
        return "nobody" + n + "@" + domain(n - n % 2);
    }

    /** No address, in a domain without one. */
    public static String unknown(int n) {
        return "nobody" + n + "@" + domain(n - n % 2 + 1);
    }

    private static String domain(int n) {
        return "domain" + n % DOMAINS + ".test";
    }

    private static void put(DirectoryTable table, DirectoryEntry entry) {
        table.apply(new DirectoryChange.Put(DirectoryChange.key(entry), entry));
    }
}
