package org.postbus.systemtest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command line: what it refuses and how, and that what it keeps is kept. */
class LauncherTest {

    @TempDir
    Path folder;

    /** The first command after a build prepares a faster start and says so: not what these tests look at. */
    @BeforeAll
    static void prepare() {
        Launcher.run(Launcher.command("demo", "--data", "none"));
    }

    @Test
    void anUnknownOptionIsRefusedWithTheUsage() {
        Launcher.Result result = Launcher.run(Launcher.command("up", "--fast"));
        assertEquals(2, result.status(), result.output());
        assertTrue(result.output().contains("unknown option --fast") && result.output().contains("usage:"), result.output());
    }

    @Test
    void aMissingJdkIsSaidInOneLine() {
        ProcessBuilder up = Launcher.command("up");
        up.environment().remove("JAVA_HOME");
        up.environment().put("PATH", "/usr/bin:/bin");
        up.environment().put("POSTBUS_JDKS", folder.toString());
        assertRefused(Launcher.run(up), "no JDK 25 or later found");
    }

    @Test
    void aTakenPortIsNamed() throws Exception {
        int offset = Launcher.freeOffset();
        try (ServerSocket taken = new ServerSocket()) {
            taken.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 2110 + offset));
            Launcher.Result result = up(folder.resolve("data"), offset);
            assertRefused(result, "port " + (2110 + offset) + " (POP3)");
        }
    }

    @Test
    void aFolderThatCannotBeWrittenIsNamed() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));
        assertRefused(up(file.resolve("data"), Launcher.freeOffset()), "is not writable");
    }

    @Test
    void aFolderOfSomethingElseIsLeftAlone() throws Exception {
        Files.createFile(folder.resolve("thesis.txt"));
        assertRefused(up(folder, Launcher.freeOffset()), "holds something else than Postbus data");
    }

    @Test
    void theDemoNeedsARunningPlatform() {
        Launcher.Result result = Launcher.run(Launcher.command("demo", "--data", folder.resolve("data").toString()));
        assertRefused(result, "start `postbus up --demo` first");
    }

    @Test
    void mailCredentialsAndTheDemoOutliveARestart() throws Exception {
        Path data = folder.resolve("data");
        String mailId;
        try (RunningPlatform platform = RunningPlatform.startDemo(data)) {
            assertRefused(up(data, Launcher.freeOffset()), "is in use by the Postbus with process id");
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(data.resolve("admin-token"))));
            mailId = demo(platform);
            assertEquals(0, platform.stop("INT"), platform.printed());
        }
        try (RunningPlatform platform = RunningPlatform.startDemo(data)) {
            String password = Files.readString(data.resolve("demo-credentials")).lines()
                    .filter(line -> line.startsWith("bob@")).findFirst().orElseThrow().split("=")[1];
            new Maildrop(platform, "bob@demo.test", password).await(mailId);
            assertEquals(0, platform.stop("TERM"), platform.printed());
        }
    }

    /** Runs the demo and returns the id of its mail. */
    private static String demo(RunningPlatform platform) {
        Launcher.Result demo = Launcher.run(Launcher.command("demo", "--data", platform.data().toString(),
                "--port-offset", String.valueOf(platform.offset())));
        assertEquals(0, demo.status(), demo.output());
        assertTrue(demo.output().contains("C: RETR "), demo.output());
        Matcher id = Pattern.compile("GET /api/v1/mails/(\\S+)").matcher(demo.output());
        assertTrue(id.find(), demo.output());
        return id.group(1);
    }

    private static Launcher.Result up(Path data, int offset) {
        return Launcher.run(Launcher.command("up", "--data", data.toString(), "--port-offset", String.valueOf(offset)));
    }

    private static void assertRefused(Launcher.Result result, String why) {
        assertEquals(1, result.status(), result.output());
        assertTrue(result.output().startsWith("postbus: ") && result.output().contains(why), result.output());
        assertEquals(1, result.output().lines().count(), result.output());
    }
}
