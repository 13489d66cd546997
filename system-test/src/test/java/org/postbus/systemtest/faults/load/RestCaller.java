package org.postbus.systemtest.faults.load;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Random;
import java.util.function.BooleanSupplier;
import org.postbus.systemtest.faults.cluster.Cluster;
import org.postbus.systemtest.faults.cluster.Kind;

/** Asks the REST API of both services that have one, over connections that it keeps, and now and then changes something. */
final class RestCaller {

    private static final int EACH_SECOND = 8;
    private static final Duration ANSWERED_WITHIN = Duration.ofSeconds(20);
    private static final int SERVER_ERROR = 500;

    private final FaultLedger ledger;
    private final Accounts accounts;
    private final Cluster cluster;
    private final String name;
    private final Random random;
    private final Pace pace = new Pace(EACH_SECOND);
    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /** @param name its own, for what it makes */
    RestCaller(FaultLedger ledger, Accounts accounts, Cluster cluster, String name, Random random) {
        this.ledger = ledger;
        this.accounts = accounts;
        this.cluster = cluster;
        this.name = name;
        this.random = random;
    }

    void run(BooleanSupplier over) throws InterruptedException {
        String alias = name + "@faults.test";
        while (!over.getAsBoolean()) {
            pace.await();
            String account = accounts.any(random);
            switch (random.nextInt(8)) {
                case 0 -> ask(Kind.MAILBOX, "GET", "/accounts?limit=20", "");
                case 1, 2 -> ask(Kind.MAILBOX, "GET", "/accounts/" + account + "/messages?limit=5", "");
                case 3 -> ask(Kind.MAILBOX, "GET", "/mails?limit=5", "");
                case 4 -> ask(Kind.MAILBOX, "POST", "/aliases", "{\"address\":\"" + alias + "\",\"targets\":[\"" + account + "\"]}");
                case 5 -> ask(Kind.MAILBOX, "DELETE", "/aliases/" + alias, "");
                default -> ask(Kind.DELIVERY, "GET", "/queue?limit=5", "");
            }
        }
    }

    private void ask(Kind kind, String method, String path, String body) throws InterruptedException {
        try {
            HttpRequest request = HttpRequest.newBuilder(
                            URI.create("http://127.0.0.1:" + cluster.front(kind).port() + "/api/v1" + path))
                    .timeout(ANSWERED_WITHIN).header("Authorization", "Bearer " + Files.readString(cluster.adminToken()))
                    .header("Content-Type", "application/json").method(method, BodyPublishers.ofString(body)).build();
            var answer = http.send(request, BodyHandlers.ofString());
            boolean sound = answer.statusCode() < SERVER_ERROR;
            ledger.ended(sound ? "REST requests" : "REST requests answered 5xx", sound,
                    method + " " + path + ": " + answer.statusCode() + " " + answer.body());
        } catch (IOException e) {
            ledger.ended("REST requests without an answer", false, method + " " + path + ": " + e);
        }
    }
}
