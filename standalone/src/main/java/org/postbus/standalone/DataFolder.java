package org.postbus.standalone;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;

/** The data folder, locked for this process as long as it is open. */
final class DataFolder implements AutoCloseable {

    /** Written to DIR/format; another number means a layout that this version cannot read. */
    private static final String FORMAT = "postbus 1";

    private final Path folder;
    private final FileChannel lock;

    private DataFolder(Path folder, FileChannel lock) {
        this.folder = folder;
        this.lock = lock;
    }

    /** Makes the folder if absent and locks it. */
    static DataFolder open(Path folder) {
        try {
            Files.createDirectories(folder);
            if (!Files.isWritable(folder)) {
                throw new AccessDeniedException(folder.toString());
            }
            requireOurs(folder);
            DataFolder opened = new DataFolder(folder, lock(folder));
            opened.write("format", FORMAT);
            return opened;
        } catch (IOException e) {
            throw new Refusal("data folder " + folder + " is not writable: choose another by --data DIR (" + e + ")", e);
        }
    }

    Path path(String name) {
        return folder.resolve(name);
    }

    /** The secret kept in a file that only its owner reads; made at the first call. */
    Path secret(String name) throws IOException {
        Path file = folder.resolve(name);
        if (!Files.exists(file)) {
            write(name, newSecret());
        }
        return file;
    }

    /** A random secret of 192 bits that needs no quoting anywhere. */
    static String newSecret() {
        byte[] octets = new byte[24];
        new SecureRandom().nextBytes(octets);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(octets);
    }

    /** Writes a file that only its owner reads: complete or not at all. */
    void write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Path unfinished = file.resolveSibling(file.getFileName() + ".unfinished");
        Files.deleteIfExists(unfinished);
        Files.createFile(unfinished, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(unfinished, text + "\n", StandardOpenOption.SYNC);
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void close() throws IOException {
        lock.close();
    }

    private static void requireOurs(Path folder) throws IOException {
        Path format = folder.resolve("format");
        if (Files.exists(format)) {
            String found = Files.readString(format).strip();
            if (!found.equals(FORMAT)) {
                throw new Refusal("data folder " + folder + " has the format \"" + found
                        + "\", this Postbus reads \"" + FORMAT + "\"");
            }
            return;
        }
        try (Stream<Path> files = Files.list(folder)) {
            List<String> ours = List.of("lock", "format.unfinished", "postbus.properties");
            if (files.anyMatch(file -> !ours.contains(file.getFileName().toString()))) {
                throw new Refusal("data folder " + folder + " holds something else than Postbus data:"
                        + " choose another by --data DIR");
            }
        }
    }

    private static FileChannel lock(Path folder) throws IOException {
        Path file = folder.resolve("lock");
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        if (!tryLock(channel)) {
            String owner = Files.readString(file).strip();
            channel.close();
            throw new Refusal("data folder " + folder + " is in use by the Postbus with process id " + owner
                    + ": stop it, or choose another by --data DIR");
        }
        channel.truncate(0);
        channel.write(ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes()));
        return channel;
    }

    private static boolean tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }
}
