package org.postbus.images;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postbus.protocol.tls.TestCertificate;

class ServiceImageTest {

    @TempDir
    private Path folder;

    @Test
    void the_same_files_make_the_same_image_to_the_octet() throws Exception {
        Path first = application("first", "1");
        Path second = application("second", "1");
        Files.setLastModifiedTime(second.resolve("quarkus-run.jar"), FileTime.from(Instant.parse("2001-01-01T00:00:00Z")));
        Files.setPosixFilePermissions(second.resolve("quarkus-run.jar"), PosixFilePermissions.fromString("rwxrwxrwx"));
        assertEquals(build(first, new Base.Scratch(), "one"), build(second, new Base.Scratch(), "two"));
        assertArrayEquals(Files.readAllBytes(tar("one")), Files.readAllBytes(tar("two")));
    }

    @Test
    void another_release_is_another_image_with_the_same_libraries() throws Exception {
        String before = build(application("first", "1"), new Base.Scratch(), "one");
        assertNotEquals(before, build(application("second", "2"), new Base.Scratch(), "two"));
        Set<String> common = layers(tar("one"));
        common.retainAll(layers(tar("two")));
        assertEquals(1, common.size());
    }

    @Test
    void nobody_but_root_can_write_to_what_is_in_it() throws Exception {
        Path application = application("first", "1");
        Files.setPosixFilePermissions(application.resolve("lib/main/org.postbus.mail-events.jar"), PosixFilePermissions.fromString("rwxrwxrwx"));
        build(application, new Base.Scratch(), "one");
        List<TarArchiveEntry> files = files(tar("one"));
        assertTrue(files.stream().anyMatch(file -> file.getName().equals("app/lib/main/org.postbus.mail-events.jar")), files::toString);
        for (TarArchiveEntry file : files) {
            assertEquals(file.isDirectory() ? 0755 : 0644, file.getMode() & 07777, file.getName());
            assertEquals(0, file.getLongUserId());
        }
    }

    @Test
    void stands_on_a_base_that_is_a_file() throws Exception {
        build(application("base", "base"), new Base.Scratch(), "base");
        build(application("first", "1"), Base.parse(tar("base").toString()), "one");
        assertTrue(layers(tar("one")).containsAll(layers(tar("base"))));
    }

    @Test
    void goes_to_a_registry_by_its_name_and_tag() throws Exception {
        try (StubRegistry registry = new StubRegistry(TestCertificate.make(folder, "localhost"))) {
            String digest = image(application("first", "1")).build(new Base.Scratch(),
                    new Destination.Registry("localhost:" + registry.port() + "/team"), "1.0", folder.resolve("cache"), line -> { });
            assertEquals(digest, registry.manifests().get("/v2/team/postbus/smtp-gateway/manifests/1.0"));
        }
    }

    @Test
    void what_is_not_built_is_said() {
        String said = assertThrows(IOException.class, () -> build(folder.resolve("nothing"), new Base.Scratch(), "one")).getMessage();
        assertTrue(said.startsWith("smtp-gateway is not built"), said);
    }

    private Path application(String name, String release) throws IOException {
        Path application = Files.createDirectories(folder.resolve(name));
        Files.createDirectories(application.resolve("lib/main"));
        Files.writeString(application.resolve("lib/main/com.example.library.jar"), "library");
        Files.writeString(application.resolve("lib/main/org.postbus.mail-events.jar"), "events " + release);
        Files.writeString(application.resolve("quarkus-run.jar"), "run " + release);
        return application;
    }

    private ServiceImage image(Path application) {
        return new ServiceImage("smtp-gateway", application);
    }

    /** A cache for each, as on two machines. */
    private String build(Path application, Base base, String name) throws Exception {
        Files.createDirectories(folder.resolve(name + "-tars"));
        return image(application).build(base, new Destination.Folder(folder.resolve(name + "-tars")), "latest",
                folder.resolve(name + "-cache"), line -> { });
    }

    private Path tar(String name) {
        return folder.resolve(name + "-tars/smtp-gateway.tar");
    }

    private static Set<String> layers(Path tar) throws IOException {
        try (TarArchiveInputStream in = new TarArchiveInputStream(Files.newInputStream(tar))) {
            return entries(in).stream().map(TarArchiveEntry::getName).filter(name -> name.endsWith(".tar.gz"))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static List<TarArchiveEntry> files(Path tar) throws IOException {
        List<TarArchiveEntry> files = new ArrayList<>();
        try (TarArchiveInputStream in = new TarArchiveInputStream(Files.newInputStream(tar))) {
            for (TarArchiveEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                if (entry.getName().endsWith(".tar.gz")) {
                    files.addAll(entries(new TarArchiveInputStream(new GZIPInputStream(in))));
                }
            }
        }
        return files;
    }

    private static List<TarArchiveEntry> entries(TarArchiveInputStream in) throws IOException {
        List<TarArchiveEntry> entries = new ArrayList<>();
        for (TarArchiveEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
            entries.add(entry);
        }
        return entries;
    }
}
