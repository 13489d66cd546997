package org.postbus.events;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FaultPointTest {

    @TempDir
    private Path markers;

    @Test
    void halts_at_the_nth_passage_of_its_topic_and_leaves_a_marker() throws Exception {
        Process process = passages("CONSUMER_COMMITTED@mail.routed:2", markers);
        assertEquals("0 1 2 ", new String(process.getInputStream().readAllBytes()));
        assertTrue(process.waitFor(20, TimeUnit.SECONDS));
        assertEquals(137, process.exitValue());
        assertTrue(Files.exists(markers.resolve("CONSUMER_COMMITTED-" + process.pid())));
    }

    @Test
    void what_makes_no_sense_arms_nothing() throws Exception {
        assertNull(FaultPoint.armed("", markers.toString()));
        assertNull(FaultPoint.armed("SMTP_DOT", ""));
        assertNull(FaultPoint.armed("SMTP_DOT", markers.resolve("absent").toString()));
        assertNull(FaultPoint.armed("smtp_dot", markers.toString()));
        assertNull(FaultPoint.armed("SMTP_DOT:0", markers.toString()));
        assertNull(FaultPoint.armed("NOWHERE:1", markers.toString()));
        Process process = passages("NOWHERE", markers);
        assertEquals("0 1 2 3 4 ", new String(process.getInputStream().readAllBytes()));
    }

    /** In the order of the records: topics alternate, mail.routed at the odd ones. */
    static final class Passages {

        public static void main(String[] arguments) {
            for (int n = 0; n < 5; n++) {
                System.out.print(n + " ");
                System.out.flush();
                if (n == 2) {
                    FaultPoint.CONSUMER_COMMITTED.reached("mail.routed");
                }
                FaultPoint.CONSUMER_COMMITTED.reached(n % 2 == 1 ? "mail.routed" : "mail.trail");
            }
        }
    }

    private static Process passages(String at, Path markers) throws Exception {
        ProcessBuilder process = new ProcessBuilder(System.getProperty("java.home") + "/bin/java",
                "-cp", System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")), Passages.class.getName());
        process.environment().putAll(Map.of("POSTBUS_FAULT_AT", at, "POSTBUS_FAULT_MARKERS", markers.toString()));
        return process.redirectError(ProcessBuilder.Redirect.INHERIT).start();
    }
}
