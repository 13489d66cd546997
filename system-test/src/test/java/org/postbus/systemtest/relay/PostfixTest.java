package org.postbus.systemtest.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.postbus.systemtest.Launcher;
import org.postbus.systemtest.RunningPlatform;
import org.postbus.systemtest.SmtpClient;

/** A mail server that others wrote takes our mail, and a verifier that others wrote finds our signatures good. */
class PostfixTest {

    private static final String PYTHON = "/usr/bin/python3";
    private static final String ADDRESS = "alice@signed.test";
    private static final String PASSWORD = "a secret of all";
    private static final List<String> ALGORITHMS = List.of("rsa-sha256", "ed25519-sha256");
    private static final String BODY = "Trailing space \t\r\n\r\n..a dot\r\nfrom\r\nFrom here on\r\n" + "x".repeat(990) + "\r\n\r\n\r\n";

    private static Path folder;
    private static PostfixServer postfix;
    private static RunningPlatform platform;

    private final String subject = UUID.randomUUID().toString();

    @BeforeAll
    static void start() throws Exception {
        PostfixServer.missing().ifPresent(PostfixTest::skip);
        folder = Files.createTempDirectory("postbus-postfix-");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        postfix = PostfixServer.start(folder.resolve("postfix"));
        Map<String, String> settings = new TreeMap<>(Relaying.route(PostfixServer.DOMAIN, postfix.port()));
        settings.putAll(Relaying.route("verify.test", postfix.port()));
        settings.put("delivery.routes.\"verify.test\".tls", "verify");
        platform = RunningPlatform.start(folder.resolve("data"), settings);
        platform.admin().domain("signed.test");
        platform.admin().account(ADDRESS, PASSWORD);
    }

    @AfterAll
    static void stop() throws Exception {
        if (platform != null) {
            platform.close();
        }
        if (postfix != null) {
            postfix.close();
        }
        if (folder != null) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    @Test
    void takesItUnderTlsAsItWasSent() throws Exception {
        String mailId = send("bob@" + PostfixServer.DOMAIN);
        String stored = text(postfix.await(subject));
        assertTrue(stored.contains("Delivered-To: bob@postfix.test\r\nReceived: from "), stored);
        assertTrue(stored.matches("(?s).*\\(using TLSv1\\.3 with cipher .*\r\n\tby mx\\.postfix\\.test \\(Postfix\\) with ESMTPS id .*"), stored);
        assertTrue(stored.endsWith(Account.header(ADDRESS, subject) + BODY), stored);
        JsonNode relayed = new Trail(platform, mailId).await("relayed");
        assertTrue(relayed.get("detail").asText().contains("TLSv1.3"), relayed.toString());
        assertTrue(relayed.get("recipients").get(0).get("diagnosticCode").asText().matches("250 2\\.0\\.0 Ok: .*queued as \\w+"), relayed.toString());
    }

    @Test
    void aCertificateThatIsNotTrustedHoldsTheMailWhereItHasToBe() throws Exception {
        // A connection to the same host for which any certificate would do is still open.
        sendAs(subject + "-before", "bob@" + PostfixServer.DOMAIN);
        postfix.await(subject + "-before");
        String mailId = sendAs(subject, "bob@verify.test");
        JsonNode delayed = new Trail(platform, mailId).await("delayed");
        assertEquals("4.7.5", delayed.get("recipients").get(0).get("status").asText(), delayed.toString());
        assertEquals("4.7.5", platform.admin().get("/queue/" + mailId).get("recipients").get(0).get("status").asText());
        assertTrue(postfix.find("Delivered-To: bob@verify.test").isEmpty(), "it was sent nevertheless");
    }

    @Test
    void theSignaturesAreGoodWhereItArrives() throws Exception {
        if (Launcher.run(List.of(PYTHON, "-c", "import dkim, nacl")).status() != 0) {
            skip("python3-dkim and python3-nacl are not installed");
        }
        List<String> records = new ArrayList<>();
        for (String algorithm : ALGORITHMS) {
            records.add(makeKey(algorithm));
        }
        send("bob@" + PostfixServer.DOMAIN);
        byte[] stored = text(postfix.await(subject)).getBytes(StandardCharsets.ISO_8859_1);
        Files.write(folder.resolve("records"), records);
        Files.write(folder.resolve("1.eml"), stored);
        Files.write(folder.resolve("2.eml"), new String(stored, StandardCharsets.ISO_8859_1).replace("a dot", "a dog")
                .getBytes(StandardCharsets.ISO_8859_1));
        List<String> verdicts = verdicts();
        assertEquals("1\tpass\tpass", verdicts.get(0));
        assertTrue(verdicts.get(1).matches("2\tfail.*\tfail.*"), verdicts.get(1));
    }

    /** Makes an active key; the name and the value of its record. */
    private static String makeKey(String algorithm) throws Exception {
        HttpResponse<String> answer = platform.admin().send("POST", "/api/v1/dkim-keys",
                "{\"domain\":\"signed.test\",\"algorithm\":\"" + algorithm + "\",\"active\":true}");
        assertEquals(201, answer.statusCode(), answer.body());
        JsonNode dns = new ObjectMapper().readTree(answer.body()).get("dns");
        return dns.get("name").asText() + "\t" + dns.get("value").asText();
    }

    private static List<String> verdicts() throws Exception {
        Path script = folder.resolve("verify.py");
        try (var in = PostfixTest.class.getResourceAsStream("/delivery/dkim/verify.py")) {
            Files.copy(in, script);
        }
        Launcher.Result result = Launcher.run(List.of(PYTHON, script.toString(), folder.toString()));
        assertEquals(0, result.status(), result.output());
        return result.output().lines().toList();
    }

    private String send(String forwardPath) throws Exception {
        return sendAs(subject, forwardPath);
    }

    private static String sendAs(String subject, String forwardPath) throws Exception {
        String stuffed = (Account.header(ADDRESS, subject) + BODY).replace("\r\n.", "\r\n..");
        try (SmtpClient smtp = SmtpClient.submissionByStartTls(platform.submissionPort(), ADDRESS, PASSWORD)) {
            return smtp.mail(ADDRESS, List.of(forwardPath), stuffed);
        }
    }

    /** A Maildir has LF for CRLF. */
    private static String text(byte[] stored) {
        return new String(stored, StandardCharsets.ISO_8859_1).replace("\n", "\r\n");
    }

    private static void skip(String why) {
        System.out.println("PostfixTest skipped: " + why);
        Assumptions.abort("skipped: " + why);
    }
}
