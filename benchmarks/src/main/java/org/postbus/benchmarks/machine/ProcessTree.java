package org.postbus.benchmarks.machine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Processes and all that they started, at the moment of asking. */
public record ProcessTree(List<Long> roots) {

    /**
     * Octets of memory, shared pages divided among those who share them (PSS). So a server of many small processes is
     * not charged for its program text once for each.
     */
    public long memory() throws IOException {
        long octets = 0;
        for (long pid : all().toList()) {
            octets += memory(pid);
        }
        return octets;
    }

    public Stream<Long> all() {
        return roots.stream()
                .flatMap(root -> ProcessHandle.of(root).stream())
                .flatMap(root -> Stream.concat(Stream.of(root), root.descendants()))
                .map(ProcessHandle::pid)
                .distinct();
    }

    /** Of a process that has ended meanwhile: 0. */
    private static long memory(long pid) throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc", Long.toString(pid), "smaps_rollup"))) {
            return lines.filter(line -> line.startsWith("Pss:")).mapToLong(ProcessTree::octets).sum();
        } catch (IOException | UncheckedIOException e) {
            if (ProcessHandle.of(pid).isEmpty()) {
                return 0;
            }
            throw e;
        }
    }

    /** Of a line such as {@code Pss:      1234 kB}. */
    static long octets(String line) {
        return Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024;
    }
}
