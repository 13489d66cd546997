package org.postbus.systemtest.powercut;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.postbus.systemtest.Launcher;
import org.postbus.systemtest.SourceTree;

/**
 * Has processes record what they write and sync below one folder, by a library that the dynamic linker loads into each
 * of them. It is compiled where it is used, so it needs Linux and gcc.
 */
final class DiskRecorder {

    private static final Path SOURCES = SourceTree.systemTest("src/test/native/disk-recorder");

    private final Path library;

    private DiskRecorder(Path library) {
        this.library = library;
    }

    /** Why nothing can be recorded on this machine. */
    static Optional<String> obstacle() {
        if (!System.getProperty("os.name").equals("Linux")) {
            return Optional.of("the disk recorder needs Linux");
        }
        boolean compiler = Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "gcc")));
        return compiler ? Optional.empty() : Optional.of("the disk recorder needs gcc");
    }

    /** Compiles the library into a folder. */
    static DiskRecorder compile(Path folder) throws IOException {
        Path library = folder.resolve("disk-recorder.so").toAbsolutePath();
        List<String> command = new ArrayList<>(
                List.of("gcc", "-std=gnu11", "-O2", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", "-o", library.toString()));
        try (Stream<Path> sources = Files.list(SOURCES)) {
            sources.map(Path::toString).filter(name -> name.endsWith(".c")).sorted().forEach(command::add);
        }
        command.add("-ldl");
        Launcher.Result result = Launcher.run(command);
        if (result.status() != 0) {
            throw new AssertionError("the disk recorder does not compile:\n" + result.output());
        }
        return new DiskRecorder(library);
    }

    /** Variables for processes whose changes below {@code folder} are to be appended to {@code log}, which is made. */
    Map<String, String> environment(Path folder, Path log) throws IOException {
        Files.createFile(log);
        return Map.of(
                "LD_PRELOAD", library.toString(),
                "POSTBUS_DISK_FOLDER", folder.toRealPath().toString(),
                "POSTBUS_DISK_LOG", log.toRealPath().toString());
    }
}
