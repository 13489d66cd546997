package org.postbus.systemtest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A service alone that lacks a setting says which, and no stack trace hides it. */
class MissingSettingsTest {

    @ParameterizedTest
    @CsvSource({
        "smtp-gateway,     kafka.bootstrap.servers,              ''",
        "pop3-gateway,     kafka.bootstrap.servers,              ''",
        "pop3-gateway,     postbus.internal-token-file,          -Dkafka.bootstrap.servers=localhost:1",
        "delivery-service, kafka.bootstrap.servers,              ''",
        "delivery-service, quarkus.datasource.delivery.jdbc.url, -Dkafka.bootstrap.servers=localhost:1"
    })
    void isSaidInOneLine(String service, String missing, String given) {
        Path jar = SourceTree.jar(service);
        List<String> command = new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/java", "-XX:TieredStopAtLevel=1",
                "-Dquarkus.http.port=0", "-Dquarkus.management.port=0"));
        command.addAll(given.isEmpty() ? List.of() : List.of(given));
        command.addAll(List.of("-jar", jar.toString()));
        Launcher.Result result = Launcher.run(command);
        assertEquals(1, result.status(), result.output());
        assertTrue(result.output().lines().anyMatch(line -> line.startsWith(missing + " is not set")), result.output());
        assertFalse(result.output().contains("Exception"), result.output());
    }
}
