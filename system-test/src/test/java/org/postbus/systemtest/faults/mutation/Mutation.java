package org.postbus.systemtest.faults.mutation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.postbus.systemtest.SourceTree;
import org.postbus.systemtest.faults.cases.Fault;
import org.postbus.systemtest.faults.cluster.Kind;
import org.postbus.systemtest.faults.report.Invariant;

/**
 * A bug put into a service on purpose, to see that the harness finds it.
 *
 * @param kind      the services that get it
 * @param changes   of sources
 * @param sql       what is undone in the database once it runs, or nothing
 * @param fault     under which the bug shows
 * @param time      of the fault at most
 * @param invariant that it violates
 */
public record Mutation(String name, Kind kind, List<Change> changes, List<String> sql, Fault fault, Duration time,
        Invariant invariant) {

    /**
     * One change of a source.
     *
     * @param file        below the root of the project
     * @param text        is there exactly once
     * @param replacement what stands there instead
     */
    public record Change(String file, String text, String replacement) {

        /** @throws IllegalStateException the text is not there, or more than once: the mutation means something else now */
        String apply(String source) {
            int first = source.indexOf(text);
            if (first < 0 || source.indexOf(text, first + 1) >= 0) {
                throw new IllegalStateException((first < 0 ? "not found in " : "more than once in ") + file
                        + ", so that the mutation must be written anew: " + text);
            }
            return source.substring(0, first) + replacement + source.substring(first + text.length());
        }
    }

    /** The sources as they are, by file. */
    Map<String, String> sources() throws IOException {
        Map<String, String> sources = new LinkedHashMap<>();
        for (Change change : changes) {
            sources.put(change.file(), Files.readString(root().resolve(change.file())));
        }
        return sources;
    }

    /** The sources with the bug. */
    Map<String, String> changedSources() throws IOException {
        Map<String, String> sources = sources();
        changes.forEach(change -> sources.computeIfPresent(change.file(), (file, source) -> change.apply(source)));
        return sources;
    }

    static Path root() {
        return SourceTree.root();
    }

    @Override
    public String toString() {
        return name;
    }
}
