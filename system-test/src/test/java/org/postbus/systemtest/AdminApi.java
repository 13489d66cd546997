package org.postbus.systemtest;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
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
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/** The REST admin API. */
public final class AdminApi {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final String base;
    private final Path token;
    private final HttpClient http;

    public AdminApi(int port, Path token) {
        this("http://localhost:" + port, token, HTTP);
    }

    /** @param http for whatever it takes to speak with the base */
    public AdminApi(String base, Path token, HttpClient http) {
        this.base = base;
        this.token = token;
        this.http = http;
    }

    /** Makes the domain unless it exists. */
    public void domain(String name) {
        make("/domains", Map.of("name", name));
    }

    /** Makes the account unless it exists. */
    public void account(String address, String password, OptionalLong quotaBytes) {
        Map<String, Object> account = new TreeMap<>(Map.of("address", address, "password", password));
        quotaBytes.ifPresent(quota -> account.put("quotaBytes", quota));
        make("/accounts", account);
    }

    public void account(String address, String password) {
        account(address, password, OptionalLong.empty());
    }

    /** Makes the alias unless it exists. */
    public void alias(String address, List<String> targets) {
        make("/aliases", Map.of("address", address, "targets", targets));
    }

    /** GET of a resource below /api/v1 that must exist. */
    public JsonNode get(String path) {
        HttpResponse<String> answer = send("GET", "/api/v1" + path, "");
        assertTrue(answer.statusCode() == 200, () -> path + ": " + answer.statusCode() + " " + answer.body());
        return parse(answer.body());
    }

    /** Any request below the server's root, with the admin token. */
    public HttpResponse<String> send(String method, String path, String body) {
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create(base + path))
                    .header("Authorization", "Bearer " + Files.readString(token).strip())
                    .header("Content-Type", "application/json")
                    .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                    .build();
            return http.send(request, BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private void make(String path, Object what) {
        try {
            HttpResponse<String> answer = send("POST", "/api/v1" + path, JSON.writeValueAsString(what));
            assertTrue(List.of(201, 409).contains(answer.statusCode()),
                    () -> path + " " + what + ": " + answer.statusCode() + " " + answer.body());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static JsonNode parse(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new AssertionError(text, e);
        }
    }
}
