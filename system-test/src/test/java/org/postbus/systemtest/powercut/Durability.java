package org.postbus.systemtest.powercut;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * What a power cut behind the first {@code cut} changes of a history must leave on the disk. A change of content is
 * durable if a sync of its file began behind it and ended before the cut. Changes of metadata (names, lengths) are
 * durable if a sync of their file or folder did so, or if they come before one that is: the order of a journal. A sync
 * that has nothing of its own to make durable in the journal does not write it out for others.
 */
final class Durability {

    /** A range of a file that was synced. */
    private record Range(Names.Content content, Change.Octets octets) {}

    private final History history;
    private final int cut;
    private final Map<Object, List<Integer>> metadata = new HashMap<>();
    /** The latest begin of a sync that ended. */
    private final Map<Range, Integer> synced = new HashMap<>();
    private final Map<Names.Content, List<Change.Octets>> ranges = new HashMap<>();
    private int everything;
    private int durableMetadata;

    private Durability(History history, int cut) {
        this.history = history;
        this.cut = cut;
    }

    /** @param honest the programs whose syncs are done; those of others return and do nothing, as on a disk that lies */
    static Durability of(History history, int cut, Predicate<String> honest) {
        Durability durability = new Durability(history, cut);
        Map<Integer, Integer> begun = new HashMap<>();
        for (int index = 0; index < cut; index++) {
            Change change = history.change(index);
            for (Object concerned : history.concerned(index)) {
                durability.metadata.computeIfAbsent(concerned, ignored -> new ArrayList<>()).add(index);
            }
            if (change.what() instanceof Change.SyncBegins) {
                begun.put(change.thread(), index);
            } else if (honest.test(change.program())) {
                if (change.what() instanceof Change.SyncEnded) {
                    durability.ended(begun.get(change.thread()));
                } else if (change.what() instanceof Change.Wrote wrote && wrote.synced()) {
                    long end = wrote.offset() + wrote.data().length();
                    durability.synced(history.content(index).orElseThrow(), new Change.Octets(wrote.offset(), end), index + 1);
                }
            }
        }
        return durability;
    }

    int cut() {
        return cut;
    }

    /** Changes of metadata with a smaller index are durable, later ones need not be. */
    int metadata() {
        return durableMetadata;
    }

    boolean isDurable(int index, Names.Content content, Change.Wrote wrote) {
        return index < syncedUntil(content, wrote.offset(), wrote.offset() + wrote.data().length());
    }

    /** Changes of these octets with a smaller index are durable. */
    int syncedUntil(Names.Content content, long from, long to) {
        int until = everything;
        for (Change.Octets octets : ranges.getOrDefault(content, List.of())) {
            if (octets.from() <= from && octets.to() >= to) {
                until = Math.max(until, synced.get(new Range(content, octets)));
            }
        }
        return until;
    }

    private void ended(int begin) {
        switch (((Change.SyncBegins) history.change(begin).what()).scope()) {
            case Change.Everything ignored -> {
                everything = Math.max(everything, begin);
                durableMetadata = Math.max(durableMetadata, begin);
            }
            case Change.Folder folder -> writeJournal(folder.path(), begin);
            case Change.Octets octets -> synced(history.content(begin).orElseThrow(), octets, begin);
        }
    }

    private void synced(Names.Content content, Change.Octets octets, int until) {
        if (synced.merge(new Range(content, octets), until, Math::max) == until) {
            List<Change.Octets> all = ranges.computeIfAbsent(content, ignored -> new ArrayList<>());
            if (!all.contains(octets)) {
                all.add(octets);
            }
        }
        writeJournal(content, until);
    }

    private void writeJournal(Object concerned, int until) {
        for (int index : metadata.getOrDefault(concerned, List.of()).reversed()) {
            if (index < until) {
                durableMetadata = Math.max(durableMetadata, index + 1);
                return;
            }
        }
    }
}
