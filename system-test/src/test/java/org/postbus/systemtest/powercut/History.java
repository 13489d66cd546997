package org.postbus.systemtest.powercut;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A disk log on the folder as it was when the log began: which change is about which content. */
final class History {

    private final Path base;
    private final List<Change> changes;
    private final Names.Content[] contents;
    /** Where a content got its first name. */
    private final Map<Integer, String> made = new HashMap<>();

    private History(Path base, List<Change> changes) {
        this.base = base;
        this.changes = changes;
        this.contents = new Names.Content[changes.size()];
    }

    /** @param base a copy of the folder from before the first change */
    static History of(Path base, List<Change> changes) throws IOException {
        History history = new History(base, changes);
        history.resolve();
        return history;
    }

    Path base() {
        return base;
    }

    int size() {
        return changes.size();
    }

    Change change(int index) {
        return changes.get(index);
    }

    /** The file that a change is about, if it is about one. */
    Optional<Names.Content> content(int index) {
        return Optional.ofNullable(contents[index]);
    }

    /** The name under which a change made a new file. */
    Optional<String> madeAs(int index) {
        return Optional.ofNullable(made.get(index));
    }

    /**
     * Whom a change of metadata concerns: a sync of any of these contents or folders makes it durable, and all those
     * before it. Empty: the change is no such one.
     */
    Set<Object> concerned(int index) {
        Set<Object> concerned = new HashSet<>();
        switch (changes.get(index).what()) {
            case Change.Opened opened when made.containsKey(index) -> concerned.add(Names.parent(opened.path()));
            case Change.Renamed renamed -> {
                concerned.add(Names.parent(renamed.from()));
                concerned.add(Names.parent(renamed.to()));
            }
            case Change.Linked linked -> concerned.add(Names.parent(linked.to()));
            case Change.Unlinked unlinked -> concerned.add(Names.parent(unlinked.path()));
            case Change.MadeFolder folder -> concerned.addAll(Set.of(folder.path(), Names.parent(folder.path())));
            case Change.RemovedFolder folder -> concerned.add(Names.parent(folder.path()));
            case Change.Truncated ignored -> { }
            case Change.Allocated ignored -> { }
            case Change.Opened ignored -> {
                return Set.of();
            }
            case Change.Wrote ignored -> {
                return Set.of();
            }
            case Change.SyncBegins ignored -> {
                return Set.of();
            }
            case Change.SyncEnded ignored -> {
                return Set.of();
            }
        }
        content(index).ifPresent(concerned::add);
        return concerned;
    }

    private void resolve() throws IOException {
        Names names = Names.of(base);
        Map<Change.Inode, Names.Content> known = new HashMap<>();
        Set<Names.Content> taken = new HashSet<>();
        int files = names.files().size();
        for (int index = 0; index < changes.size(); index++) {
            Change change = changes.get(index);
            if (change.inode().number() != 0 && !known.containsKey(change.inode())) {
                // Before the log began it had this name; a name that another file has is one whose end comes late in the log.
                Optional<Names.Content> found = named(change.what()).flatMap(names::content).filter(taken::add);
                if (found.isEmpty() && change.what() instanceof Change.Opened opened) {
                    found = Optional.of(new Names.Content(files++, Optional.empty()));
                    taken.add(found.get());
                    names.put(opened.path(), found.get());
                    made.put(index, opened.path());
                }
                found.ifPresent(content -> known.put(change.inode(), content));
            }
            contents[index] = known.get(change.inode());
            names.change(change.what());
        }
    }

    private static Optional<String> named(Change.What what) {
        return switch (what) {
            case Change.Opened opened -> Optional.of(opened.path());
            case Change.Renamed renamed -> Optional.of(renamed.from());
            case Change.Linked linked -> Optional.of(linked.from());
            case Change.Unlinked unlinked -> Optional.of(unlinked.path());
            case Change.Wrote ignored -> Optional.empty();
            case Change.Truncated ignored -> Optional.empty();
            case Change.Allocated ignored -> Optional.empty();
            case Change.RemovedFolder ignored -> Optional.empty();
            case Change.MadeFolder ignored -> Optional.empty();
            case Change.SyncBegins ignored -> Optional.empty();
            case Change.SyncEnded ignored -> Optional.empty();
        };
    }
}
