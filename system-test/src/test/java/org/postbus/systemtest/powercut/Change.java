package org.postbus.systemtest.powercut;

/** One record of the disk log: what a process did, after it was done. Paths are relative to the recorded folder. */
record Change(long nanos, int thread, String program, Inode inode, What what) {

    /** A file for ever: the number together with the birth time is never used again. */
    record Inode(long number, long born) {}

    sealed interface What {}

    /** A file was opened for writing, and made if it is new. */
    record Opened(String path) implements What {}

    /** @param synced whether the call itself returned only when the data was on disk (O_SYNC, O_DSYNC) */
    record Wrote(long offset, DiskLog.Data data, boolean synced) implements What {}

    record Truncated(long length) implements What {}

    record Allocated(long end) implements What {}

    record Renamed(String from, String to) implements What {}

    record Linked(String from, String to) implements What {}

    record Unlinked(String path) implements What {}

    record RemovedFolder(String path) implements What {}

    record MadeFolder(String path) implements What {}

    record SyncBegins(Scope scope) implements What {}

    /** The last sync that its thread began has ended well. */
    record SyncEnded() implements What {}

    /** What a sync is about. */
    sealed interface Scope {}

    /** The octets of the record's file from {@code from} to {@code to}. */
    record Octets(long from, long to) implements Scope {}

    record Folder(String path) implements Scope {}

    record Everything() implements Scope {}
}
