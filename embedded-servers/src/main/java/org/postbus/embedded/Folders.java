package org.postbus.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Comparator;
import java.util.stream.Stream;

/** Folders that are either complete or absent, and the secrets kept in them. */
final class Folders {

    private static final SecureRandom RANDOM = new SecureRandom();

    /** Fills a folder that nothing else sees yet. */
    @FunctionalInterface
    interface Filling {
        void fill(Path folder) throws IOException;
    }

    private Folders() {}

    /**
     * Makes the folder unless it exists: fills a sibling, then renames it. A crash in the middle leaves only the
     * sibling, which the next call throws away, so a folder that exists is always complete.
     */
    static void makeWhole(Path folder, Filling filling) throws IOException {
        if (Files.exists(folder)) {
            return;
        }
        Path parent = Files.createDirectories(folder.toAbsolutePath().getParent());
        Path unfinished = parent.resolve(folder.getFileName() + ".unfinished");
        delete(unfinished);
        Files.createDirectory(unfinished, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        filling.fill(unfinished);
        sync(unfinished);
        Files.move(unfinished, folder, StandardCopyOption.ATOMIC_MOVE);
        sync(parent);
    }

    /** Deletes the folder with all it holds; absent is fine. */
    static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            all.sorted(Comparator.reverseOrder()).forEach(Folders::deleteOne);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** Writes a new random password of 192 bits to a file that only its owner reads. */
    static String newSecret(Path file) throws IOException {
        byte[] octets = new byte[24];
        RANDOM.nextBytes(octets);
        String secret = Base64.getUrlEncoder().withoutPadding().encodeToString(octets);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, secret, StandardOpenOption.SYNC);
        return secret;
    }

    private static void deleteOne(Path path) {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes the entries of a folder survive a power cut: a rename is durable once its folder is. */
    private static void sync(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
