package org.postbus.benchmarks;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;

/** The platform under load: its admin API, its metrics, its memory. */
final class Target {

    private final HttpClient http = HttpClient.newHttpClient();
    private final Settings settings;

    Target(Settings settings) {
        this.settings = settings;
    }

    /** Makes the domain and the accounts that are missing. The hash of a password is slow: a hundred take a while. */
    void makeAccounts() throws IOException, InterruptedException {
        post("/api/v1/domains", "{\"name\":\"load.test\"}");
        for (int n = 0; n < settings.accounts(); n++) {
            post("/api/v1/accounts", "{\"address\":\"" + settings.account(n) + "\",\"password\":\"load-test-secret\"}");
        }
    }

    /** What the metrics say now. */
    Sample sample() throws IOException, InterruptedException {
        List<String> metrics = http.send(request("/q/metrics").build(), BodyHandlers.ofLines()).body().toList();
        return new Sample(
                System.nanoTime(),
                sum(metrics, line -> line.startsWith("postbus_smtp_accepted_total")),
                sum(metrics, line -> line.startsWith("postbus_mailbox_mails_filed_total")),
                sum(metrics, line -> line.startsWith("jvm_memory_used_bytes") && line.contains("area=\"heap\"")),
                residentOctets());
    }

    private void post(String path, String json) throws IOException, InterruptedException {
        HttpResponse<String> answer = http.send(
                request(path).header("Content-Type", "application/json").POST(BodyPublishers.ofString(json)).build(),
                BodyHandlers.ofString());
        if (!List.of(201, 202, 409).contains(answer.statusCode())) {
            throw new IOException(path + ": " + answer.statusCode() + " " + answer.body());
        }
    }

    private HttpRequest.Builder request(String path) throws IOException {
        return HttpRequest.newBuilder(URI.create("http://localhost:" + settings.httpPort() + path))
                .header("Authorization", "Bearer " + Files.readString(settings.data().resolve("admin-token")).strip());
    }

    private static long sum(List<String> metrics, Predicate<String> which) {
        return (long) metrics.stream()
                .filter(which)
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    /** Resident memory of the JVM; PostgreSQL's is its own. */
    private long residentOctets() throws IOException {
        String pid = Files.readString(settings.data().resolve("lock")).strip();
        return Files.readAllLines(Path.of("/proc", pid, "status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024)
                .sum();
    }
}
