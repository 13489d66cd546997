package org.postbus.delivery;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.agroal.DataSource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;
import org.postbus.events.MailCodec;
import org.postbus.events.MailIds;
import org.postbus.events.MailRecord;
import org.postbus.events.Topics;

/** What takes the service out of its Service, and what is for people to see. */
@QuarkusTest
@QuarkusTestResource(Servers.class)
class HealthTest {

    private static final long FAR = 1_000_000_000;
    private static final Duration SOON = Duration.ofSeconds(60);

    @ConfigProperty(name = "kafka.bootstrap.servers")
    String bootstrapServers;
    @Inject
    @DataSource("delivery")
    javax.sql.DataSource database;

    /** With maxUnavailable 0 a pod that is never ready ends every roll-out, that which would mend it too. */
    @Test
    void aPartitionWhoseRecordsAreGoneIsNoReasonToStopARollOut() throws Exception {
        await("/q/health/well", 200);
        try (EventLog log = new EventLog(bootstrapServers)) {
            accept(log);
            assertEquals(1, moved("+ " + FAR), "partitions that lose their place");
            // It notices when the next record is to be applied.
            accept(log);
            await("/q/health/well", 503);
            given().get("/q/health/well").then().body(containsString("records are missing"));
            given().get("/q/health/ready").then().statusCode(200);
        } finally {
            moved("- " + FAR);
        }
        await("/q/health/well", 200);
    }

    /** To partition 0, by the mail id. */
    private static void accept(EventLog log) {
        UUID mail = MailIds.mint();
        while (Topics.partition(mail.toString(), 2) != 0) {
            mail = MailIds.mint();
        }
        var data = new MailRecord.Whole<>(mail, Fixtures.envelope(mail, "bob@remote.test", "ann@elsewhere.test"), Fixtures.octets("hi\r\n"));
        log.send(MailCodec.ACCEPTED, Topics.MAIL_ACCEPTED, data);
    }

    private int moved(String by) throws SQLException {
        try (Connection connection = database.getConnection(); Statement statement = connection.createStatement()) {
            return statement.executeUpdate("UPDATE delivery.position SET next_offset = next_offset " + by
                    + " WHERE topic = 'mail.accepted' AND partition = 0 AND next_offset " + (by.startsWith("-") ? ">= " : "< ") + FAR);
        }
    }

    private static void await(String path, int status) {
        long deadline = System.nanoTime() + SOON.toNanos();
        while (given().get(path).statusCode() != status) {
            assertTrue(System.nanoTime() < deadline, () -> path + " does not become " + status);
            Thread.onSpinWait();
        }
    }
}
