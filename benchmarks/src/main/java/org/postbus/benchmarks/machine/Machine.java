package org.postbus.benchmarks.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** What the figures were measured on. */
public record Machine(int processors, String processor, long memory, String kernel, String fileSystem) {

    private static final Set<String> NOT_A_DISK = Set.of("tmpfs", "ramfs");

    /** @param folder where every server keeps its data */
    public static Machine with(Path folder) throws IOException {
        String type = Files.getFileStore(folder).type();
        if (NOT_A_DISK.contains(type)) {
            throw new IOException(folder + " is on " + type + ", where an fsync costs nothing: choose a disk by --work DIR");
        }
        return new Machine(
                Runtime.getRuntime().availableProcessors(),
                field("/proc/cpuinfo", "model name"),
                ProcessTree.octets(field("/proc/meminfo", "MemTotal")),
                System.getProperty("os.version"),
                type);
    }

    /** One line for people. */
    public String description() {
        return "%d processors (%s), %d GiB memory, Linux %s, data of all servers on %s"
                .formatted(processors, processor, Math.round(memory / (double) (1 << 30)), kernel, fileSystem);
    }

    private static String field(String file, String name) throws IOException {
        List<String> lines = Files.readAllLines(Path.of(file));
        return lines.stream()
                .filter(line -> line.startsWith(name))
                .findFirst()
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .orElse("0");
    }
}
