package org.postbus.systemtest.powercut;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.Set;
import java.util.stream.Stream;

/** The names in a folder, relative to it: folders, and files by their content. */
final class Names {

    /** What a file holds, whatever it is called; {@code base} is where it was before the log began. */
    record Content(int number, Optional<Path> base) {}

    private final Set<String> folders = new TreeSet<>();
    private final TreeMap<String, Content> files = new TreeMap<>();

    /** Contents are numbered in the order of their names, from 0. */
    static Names of(Path base) throws IOException {
        Names names = new Names();
        try (Stream<Path> paths = Files.walk(base)) {
            for (Path path : paths.sorted().toList()) {
                String name = base.relativize(path).toString();
                if (Files.isDirectory(path)) {
                    names.folders.add(name);
                } else {
                    names.files.put(name, new Content(names.files.size(), Optional.of(path)));
                }
            }
        }
        return names;
    }

    Set<String> folders() {
        return folders;
    }

    Map<String, Content> files() {
        return files;
    }

    Optional<Content> content(String path) {
        return Optional.ofNullable(files.get(path));
    }

    void put(String path, Content content) {
        files.put(path, content);
    }

    /** Does one change of names; others leave the names alone. */
    void change(Change.What what) {
        switch (what) {
            case Change.Renamed renamed -> rename(renamed.from(), renamed.to());
            case Change.Linked linked -> content(linked.from()).ifPresent(content -> put(linked.to(), content));
            case Change.Unlinked unlinked -> files.remove(unlinked.path());
            case Change.MadeFolder made -> folders.add(made.path());
            case Change.RemovedFolder removed -> folders.remove(removed.path());
            case Change.Opened ignored -> { }
            case Change.Wrote ignored -> { }
            case Change.Truncated ignored -> { }
            case Change.Allocated ignored -> { }
            case Change.SyncBegins ignored -> { }
            case Change.SyncEnded ignored -> { }
        }
    }

    private void rename(String from, String to) {
        Content content = files.remove(from);
        if (content != null) {
            files.put(to, content);
        } else if (folders.remove(from)) {
            folders.add(to);
            for (String below : Set.copyOf(files.subMap(from + "/", from + "0").keySet())) {
                files.put(to + below.substring(from.length()), files.remove(below));
            }
            for (String below : folders.stream().filter(name -> name.startsWith(from + "/")).toList()) {
                folders.remove(below);
                folders.add(to + below.substring(from.length()));
            }
        }
    }

    static String parent(String path) {
        int slash = path.lastIndexOf('/');
        return slash < 0 ? "" : path.substring(0, slash);
    }
}
