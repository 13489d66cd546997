package org.postbus.events.directory;

/** A record of {@code mail.directory}. */
public sealed interface DirectoryChange {

    String key();

    long version();

    record Put(String key, DirectoryEntry entry) implements DirectoryChange {

        @Override
        public long version() {
            return entry.version();
        }
    }

    record Deleted(String key, long version) implements DirectoryChange {
    }

    /**
     * Names follow that the topic has lost, or never had: until this is {@link Deleted} again one that is missing is not known to be
     * missing.
     */
    record Rebuilding(long version) implements DirectoryChange {

        /** Of no name: there is no {@code directory} beside {@code domain} and {@code address}. */
        public static final String KEY = "directory:rebuilding";

        @Override
        public String key() {
            return KEY;
        }
    }

    static String key(DirectoryEntry entry) {
        return switch (entry) {
            case DirectoryEntry.Domain domain -> domainKey(domain.name());
            case DirectoryEntry.Account account -> addressKey(account.address());
            case DirectoryEntry.Alias alias -> addressKey(alias.address());
        };
    }

    static String domainKey(String name) {
        return "domain:" + name;
    }

    static String addressKey(String canonicalAddress) {
        return "address:" + canonicalAddress;
    }
}
