package org.postbus.protocol.pop3;

import java.util.BitSet;
import java.util.List;
import java.util.UUID;

/** An open maildrop: the snapshot and which of its messages are marked as deleted. Message-numbers never shift. */
final class Maildrop {

    private final Snapshot snapshot;
    private final BitSet deleted = new BitSet();
    private final long totalOctets;
    private int deletions;
    private long octets;

    Maildrop(Snapshot snapshot) {
        this.snapshot = snapshot;
        long sum = 0;
        for (int number = 1; number <= snapshot.count(); number++) {
            sum += snapshot.octets(number);
        }
        this.totalOctets = sum;
        this.octets = sum;
    }

    /** Messages that are not deleted. */
    int count() {
        return snapshot.count() - deletions;
    }

    /** Octets of the messages that are not deleted. */
    long octets() {
        return octets;
    }

    /** The highest message-number. */
    int last() {
        return snapshot.count();
    }

    boolean exists(int number) {
        return number >= 1 && number <= snapshot.count();
    }

    boolean isDeleted(int number) {
        return deleted.get(number);
    }

    UUID mailId(int number) {
        return snapshot.mailId(number);
    }

    long octets(int number) {
        return snapshot.octets(number);
    }

    int deletions() {
        return deletions;
    }

    void delete(int number) {
        deleted.set(number);
        deletions++;
        octets -= snapshot.octets(number);
    }

    void undelete() {
        deleted.clear();
        deletions = 0;
        octets = totalOctets;
    }

    List<UUID> deletedMails() {
        return deleted.stream().mapToObj(snapshot::mailId).toList();
    }
}
