package org.postbus.systemtest.powercut;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.postbus.systemtest.Launcher;
import org.postbus.systemtest.SourceTree;

/** The recorder on real programs: what they did can be done again from its log, and no more is durable than they synced. */
@DisabledIf("isObstructed")
class DiskRecorderTest {

    @TempDir
    Path folder;

    private Path data;
    private Path base;

    static boolean isObstructed() {
        return DiskRecorder.obstacle().isPresent() && System.getenv("CI") == null;
    }

    @BeforeEach
    void aFolderWithAFile() throws IOException {
        data = Files.createDirectory(folder.resolve("data"));
        base = folder.resolve("base");
        Files.writeString(data.resolve("old"), "old\n");
        Copies.copy(data, base);
    }

    @Test
    void everyChangeIsRecorded() throws IOException {
        record("mkdir a && cd a && echo one >b && cat b b >c && mv c ../d && echo more >>../old && ln b e && rm b"
                + " && truncate -s 9 e && dd if=../d of=f bs=3 seek=2 && cp ../d g && cd .. && mv a h && mkdir i && rmdir i"
                + " && fallocate -l 5000 j");
        assertEquals(List.of(), Copies.differences(image(new Survival.Everything()), data));
        assertTrue(Files.exists(data.resolve("h/e")), "the commands ran");
    }

    @Test
    void javaWritesAreRecordedMappedOnesToo() throws IOException {
        record(System.getProperty("java.home") + "/bin/java " + SourceTree.systemTest("src/test/native/WritesOfEveryKind.java"));
        assertEquals(List.of(), Copies.differences(image(new Survival.Everything()), data));
        assertEquals("forced", Files.readString(data.resolve("mapped")).substring(5000, 5006));
    }

    @Test
    void onlyWhatWasSyncedIsDurable() throws IOException {
        record("dd if=old of=synced conv=fsync && dd if=old of=unsynced && dd if=old of=renamed conv=fsync"
                + " && mv renamed later");
        Path image = image(new Survival.Nothing());
        assertEquals("old\n", Files.readString(image.resolve("synced")));
        assertEquals("old\n", Files.readString(image.resolve("renamed")));
        assertFalse(Files.exists(image.resolve("later")));
        // Its name stands in the journal before that of a file that was synced.
        assertEquals("", Files.readString(image.resolve("unsynced")));
    }

    private void record(String commands) throws IOException {
        Map<String, String> recorder = DiskRecorder.compile(folder).environment(data, folder.resolve("log"));
        ProcessBuilder shell = new ProcessBuilder("sh", "-c", commands).directory(data.toFile());
        shell.environment().putAll(recorder);
        Launcher.Result result = Launcher.run(shell);
        assertEquals(0, result.status(), result.output());
    }

    private Path image(Survival survival) throws IOException {
        try (DiskLog log = DiskLog.read(folder.resolve("log"), data)) {
            History history = History.of(base, log.changes());
            Path image = folder.resolve("image");
            DiskImage.build(history, Durability.of(history, history.size(), program -> true), survival, image);
            return image;
        }
    }
}
