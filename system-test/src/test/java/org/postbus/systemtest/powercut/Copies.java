package org.postbus.systemtest.powercut;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Whole folders: copied, compared, deleted. */
final class Copies {

    private Copies() {}

    static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> paths = Files.walk(from)) {
            for (Path path : paths.toList()) {
                Files.copy(path, to.resolve(from.relativize(path)), StandardCopyOption.COPY_ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
            }
        }
    }

    static void delete(Path folder) throws IOException {
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    /** What is in one of two folders alone, or differs. */
    static List<String> differences(Path one, Path other) throws IOException {
        TreeSet<String> names = new TreeSet<>(names(one));
        names.addAll(names(other));
        List<String> differences = new ArrayList<>();
        for (String name : names) {
            Path left = one.resolve(name);
            Path right = other.resolve(name);
            if (!Files.exists(left) || !Files.exists(right)) {
                differences.add(name + " is only in " + (Files.exists(left) ? one : other));
            } else if (Files.isRegularFile(left) && Files.mismatch(left, right) >= 0) {
                differences.add(name + " differs at " + Files.mismatch(left, right));
            }
        }
        return differences;
    }

    private static TreeSet<String> names(Path folder) throws IOException {
        try (Stream<Path> paths = Files.walk(folder)) {
            return paths.map(path -> folder.relativize(path).toString()).collect(Collectors.toCollection(TreeSet::new));
        }
    }
}
