package org.postbus.benchmarks.server;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** What the bench asks of a running Postbus over HTTP. */
final class AdminApi {

    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final int port;
    private final Path token;

    AdminApi(int port, Path token) {
        this.port = port;
        this.token = token;
    }

    /** Makes the domain and the accounts, a few at once: the hash of each password is slow by design. */
    void make(List<String> accounts) throws IOException, InterruptedException {
        post("/api/v1/domains", "{\"name\":\"" + Server.DOMAIN + "\"}");
        try (ExecutorService some = Executors.newFixedThreadPool(4)) {
            List<Future<?>> made = new ArrayList<>();
            for (String account : accounts) {
                made.add(some.submit(() -> {
                    post("/api/v1/accounts", "{\"address\":\"" + account + "@" + Server.DOMAIN + "\",\"password\":\""
                            + Server.PASSWORD + "\"}");
                    return null;
                }));
            }
            for (Future<?> one : made) {
                one.get();
            }
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        }
    }

    long metric(String name) throws IOException, InterruptedException {
        return metric(name, "");
    }

    /** @param label that it must have, {@code name="value"} */
    long metric(String name, String label) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(uri("/q/metrics")).build();
        return Metrics.sum(http.send(request, BodyHandlers.ofLines()).body(), name, label);
    }

    private void post(String path, String json) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(uri(path))
                .header("Authorization", "Bearer " + Files.readString(token).strip())
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(json))
                .build();
        HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
        if (!List.of(201, 202, 409).contains(answer.statusCode())) {
            throw new IOException(path + ": " + answer.statusCode() + " " + answer.body());
        }
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }
}
