package org.postbus.standalone;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A client of the REST admin API of the Postbus that runs on these ports. */
final class AdminApi {

    private final HttpClient http = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final String base;
    private final Path tokenFile;

    AdminApi(Options options, Path tokenFile) {
        this.base = "http://" + options.reachableHost() + ":" + Port.HTTP.number(options);
        this.tokenFile = tokenFile;
    }

    /** Returns when every readiness check says yes; after 30 s says on standard error what does not. */
    void awaitReady() throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(base + "/q/health/ready")).build();
        HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
        for (int attempt = 1; answer.statusCode() != 200; attempt++) {
            if (attempt == 300) {
                System.err.println("postbus: still waiting: " + answer.body().replaceAll("\\s+", " "));
            }
            TimeUnit.MILLISECONDS.sleep(100);
            answer = http.send(request, BodyHandlers.ofString());
        }
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return http.send(request(path).build(), BodyHandlers.ofString());
    }

    HttpResponse<String> send(String method, String path, String json) throws IOException, InterruptedException {
        HttpRequest request = request(path)
                .header("Content-Type", "application/json")
                .method(method, BodyPublishers.ofString(json))
                .build();
        return http.send(request, BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String path) throws IOException {
        return HttpRequest.newBuilder(URI.create(base + "/api/v1" + path))
                .timeout(Duration.ofSeconds(30))
                .header("Authorization", "Bearer " + Files.readString(tokenFile).lines().findFirst().orElse("").strip());
    }
}
