package org.postbus.systemtest.faults.cluster;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import org.postbus.systemtest.Launcher;

/** A file system of its own in memory, so small that it can be filled. Mounting takes root on Linux. */
public final class SmallDisk implements AutoCloseable {

    private static final int PIECE = 4096;

    private final Path folder;
    private final Path ballast;

    private SmallDisk(Path folder) {
        this.folder = folder;
        this.ballast = folder.resolve("ballast");
    }

    /** Why there can be none on this machine. */
    public static Optional<String> obstacle() {
        try {
            Path folder = Files.createTempDirectory("postbus-disk-");
            try (SmallDisk disk = mount(folder, 1)) {
                return Optional.empty();
            } finally {
                Files.delete(folder);
            }
        } catch (IOException e) {
            return Optional.of(e.getMessage());
        }
    }

    /** @throws IOException it cannot be mounted here */
    static SmallDisk mount(Path folder, int megabytes) throws IOException {
        Files.createDirectories(folder);
        Launcher.Result result = Launcher.run(
                List.of("mount", "-t", "tmpfs", "-o", "mode=755,size=" + megabytes + "m", "postbus-faults", folder.toString()));
        if (result.status() != 0) {
            throw new IOException("no small disk can be mounted: " + result.output().strip());
        }
        return new SmallDisk(folder);
    }

    Path folder() {
        return folder;
    }

    /** Takes all room but so much. */
    public void fill(long leftOctets) throws IOException {
        byte[] piece = new byte[PIECE];
        try (OutputStream out = Files.newOutputStream(ballast, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            while (leftOctets == 0 || Files.getFileStore(folder).getUsableSpace() > leftOctets) {
                out.write(piece);
            }
        } catch (IOException e) {
            // No room for another piece, as wanted.
        }
    }

    /** Gives the room back. */
    public void free() throws IOException {
        Files.deleteIfExists(ballast);
    }

    @Override
    public void close() throws IOException {
        // Lazily: the last process in it may just be ending.
        Launcher.Result result = Launcher.run(List.of("umount", "-l", folder.toString()));
        if (result.status() != 0) {
            throw new IOException(result.output().strip());
        }
    }
}
