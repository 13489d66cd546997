package org.postbus.mailbox.directory;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.postbus.mailbox.Api.admin;
import static org.postbus.mailbox.Api.createAccount;

import io.quarkus.agroal.DataSource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postbus.mailbox.Servers;

@QuarkusTest
@TestProfile(KafkaAwayTest.NoKafka.class)
@QuarkusTestResource(Servers.class)
class KafkaAwayTest {

    @Inject
    @DataSource("mailbox")
    javax.sql.DataSource database;

    /** Nothing listens on the discard port. */
    public static class NoKafka implements QuarkusTestProfile {

        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("%test.kafka.bootstrap.servers", "127.0.0.1:9");
        }
    }

    /** Kafka was there once. A database that nobody has compared with it could be a restored one. */
    @BeforeEach
    void compared() throws SQLException {
        try (Connection connection = database.getConnection(); Statement statement = connection.createStatement()) {
            statement.execute("insert into directory_life select pg_postmaster_start_time(), 'some topic'");
        }
    }

    @Test
    void committedChangesAreAnswered202WithinSeconds() {
        admin().get("/api/v1/domains").then().statusCode(200);
        long start = System.nanoTime();
        admin().body(Map.of("name", "away.test")).post("/api/v1/domains").then().statusCode(202)
                .header("Location", endsWith("/api/v1/domains/away.test")).body("name", equalTo("away.test"));
        assertTrue(System.nanoTime() - start < Duration.ofSeconds(15).toNanos(), "answered too late");
        createAccount("a@away.test", "secret").statusCode(202);
        admin().get("/api/v1/accounts/a@away.test").then().statusCode(200);
        admin().delete("/api/v1/accounts/a@away.test").then().statusCode(202);
        admin().get("/api/v1/accounts/a@away.test").then().statusCode(404);
    }

    /** Maildrops are read and changes are taken without Kafka, so that it is no condition of readiness. */
    @Test
    void isAliveAndReadyButNotWell() {
        given().get("/q/health/live").then().statusCode(200);
        given().get("/q/health/ready").then().statusCode(200);
        given().get("/q/health/well").then().statusCode(503);
    }
}
