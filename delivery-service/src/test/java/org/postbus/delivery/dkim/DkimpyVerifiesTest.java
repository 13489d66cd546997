package org.postbus.delivery.dkim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A verifier that others wrote: Python's dkimpy (Debian's python3-dkim and python3-nacl), for both algorithms. */
class DkimpyVerifiesTest {

    private static final String PYTHON = "/usr/bin/python3";
    private static final List<Keys> KEYS = List.of(Keys.of(Mail.DOMAIN, "rsa.s1", DkimAlgorithm.RSA_SHA256),
            Keys.of(Mail.DOMAIN, "ed", DkimAlgorithm.ED25519_SHA256));

    @TempDir
    Path folder;

    @BeforeAll
    static void isThere() throws Exception {
        boolean there = Files.isExecutable(Path.of(PYTHON)) && run("-c", "import dkim, nacl").status() == 0;
        String skipped = "skipped: python3-dkim and python3-nacl are not installed";
        if (!there) {
            System.out.println("DkimpyVerifiesTest " + skipped);
        }
        Assumptions.assumeTrue(there, skipped);
    }

    @Test
    void verifies() throws Exception {
        // It knows no field names of RFC 5322, section 4.5.
        List<Mail> mails = Mail.allBut("white space before colons").toList();
        String expected = mails.stream().map(mail -> "\tpass\tpass\t" + mail).collect(Collectors.joining("\n"));
        List<String> results = results(mails.stream().map(mail -> mail.signed(keys())).toList());
        assertEquals(expected, String.join("\n", Stream.iterate(0, i -> i + 1).limit(results.size())
                .map(i -> results.get(i) + "\t" + mails.get(i)).toList()));
    }

    @Test
    void refusesWhatWasChanged() throws Exception {
        List<byte[]> mails = Mail.tampered(keys());
        List<String> results = results(mails);
        assertEquals(mails.size(), results.size());
        results.forEach(result -> assertTrue(result.matches("\tfail.*\tfail.*"), result));
    }

    /** What it says of the signatures of each mail. */
    private List<String> results(List<byte[]> mails) throws Exception {
        for (int i = 0; i < mails.size(); i++) {
            Files.write(folder.resolve(String.format("%03d.eml", i)), mails.get(i));
        }
        Files.write(folder.resolve("records"), KEYS.stream().map(key -> key.dns().name() + "\t" + key.dns().value()).toList());
        Path script = folder.resolve("verify.py");
        try (var in = DkimpyVerifiesTest.class.getResourceAsStream("/delivery/dkim/verify.py")) {
            Files.copy(in, script);
        }
        Result result = run(script.toString(), folder.toString());
        assertEquals(0, result.status(), result.output());
        return result.output().lines().map(line -> line.substring(line.indexOf('\t'))).toList();
    }

    private static List<DkimKey> keys() {
        return KEYS.stream().map(Keys::key).toList();
    }

    private record Result(int status, String output) {
    }

    private static Result run(String... arguments) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(Stream.concat(Stream.of(PYTHON), Stream.of(arguments)).toList())
                .redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(60, TimeUnit.SECONDS), "it does not end");
        return new Result(process.exitValue(), output);
    }
}
