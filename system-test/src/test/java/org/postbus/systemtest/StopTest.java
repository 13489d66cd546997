package org.postbus.systemtest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How the platform stops: whenever it is asked, and not before what is open has ended. */
class StopTest {

    @TempDir
    Path folder;

    @Test
    void aSignalDuringTheStartEndsItCleanly() throws Exception {
        Path data = folder.resolve("data");
        Process process = Launcher.command("up", "--data", data.toString(),
                        "--port-offset", String.valueOf(Launcher.freeOffset()))
                .redirectErrorStream(true).redirectOutput(folder.resolve("output").toFile()).start();
        Path postmaster = data.resolve("postgres/data/postmaster.pid");
        try {
            Await.answer("PostgreSQL", RunningPlatform.READY_WITHIN,
                    () -> Files.exists(postmaster) ? Optional.of(postmaster) : Optional.empty());
            Launcher.run(List.of("kill", "-TERM", String.valueOf(process.pid())));
            assertTrue(process.waitFor(60, TimeUnit.SECONDS), "it runs on");
            assertEquals(0, process.exitValue(), Files.readString(folder.resolve("output")));
            assertFalse(Files.exists(postmaster), "PostgreSQL is left behind");
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void aSessionReadsOnWhileThePlatformStops() throws Exception {
        try (RunningPlatform platform = RunningPlatform.startDemo(folder.resolve("data"))) {
            watchTheTrail(platform);
            SmtpClient smtp = platform.smtp();
            String mailId = smtp.mail("alice@demo.test", List.of("bob@demo.test"), "Subject: last\r\n\r\n");
            new Maildrop(platform, "bob@demo.test", password(platform)).await(mailId);
            Pop3Client pop3 = platform.pop3().logIn("bob@demo.test", password(platform));
            platform.signal("TERM");
            assertTrue(smtp.reply().startsWith("421 "));
            assertTrue(pop3.retrieve(1).contains("Subject: last"));
            pop3.command("QUIT");
            assertEquals(0, platform.stop("TERM"), platform.printed());
            assertFalse(platform.printed().contains("Timed out"), platform.printed());
        }
    }

    /** A watcher has no end of his own. */
    private static void watchTheTrail(RunningPlatform platform) throws Exception {
        HttpRequest stream = HttpRequest.newBuilder()
                .uri(URI.create("http://localhost:" + platform.httpPort() + "/api/v1/mails/stream"))
                .header("Authorization", "Bearer " + Files.readString(platform.data().resolve("admin-token")).strip())
                .build();
        assertEquals(200, HttpClient.newHttpClient().send(stream, BodyHandlers.ofInputStream()).statusCode());
    }

    private static String password(RunningPlatform platform) throws Exception {
        return Files.readString(platform.data().resolve("demo-credentials")).lines()
                .filter(line -> line.startsWith("bob@")).findFirst().orElseThrow().split("=")[1];
    }
}
