package org.postbus.k8s;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A Job migrates each schema, with the image that will serve it; the services themselves never do. */
class MigrationTest {

    static Stream<Manifests> overlays() {
        return Manifests.all();
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void aJobOfTheSameVersionMigratesAndTheServiceWaits(Manifests manifests) {
        for (String schema : Set.of("delivery", "mailbox")) {
            JsonNode service = manifests.the("Deployment", schema + "-service");
            String image = Manifests.container(service).path("image").asText();
            JsonNode job = manifests.the("Job", schema + "-migration-" + image.substring(image.indexOf(':') + 1));
            assertEquals(image, Manifests.container(job).path("image").asText());
            assertEquals("only", manifests.settings(job).get("POSTBUS_MIGRATE"));
            assertEquals("never", manifests.settings(service).get("POSTBUS_MIGRATE"));
            String url = "QUARKUS_DATASOURCE_" + schema.toUpperCase() + "_JDBC_URL";
            assertTrue(manifests.settings(job).get(url).startsWith("jdbc:postgresql://"), url);
            assertEquals(manifests.settings(service).get(url), manifests.settings(job).get(url));
            assertEquals("OnFailure", Manifests.pod(job).path("restartPolicy").asText());
        }
    }

    /** A Job cannot be changed: what changes without a new version must not be in it. */
    @ParameterizedTest
    @MethodSource("overlays")
    void aJobReadsNothingThatIsNamedByItsContent(Manifests manifests) {
        manifests.kind("Job").filter(job -> Manifests.name(job).contains("migration"))
                .forEach(job -> assertTrue(Manifests.container(job).path("envFrom").isMissingNode(), () -> Manifests.name(job)));
    }

    /** Each role owns its schema, whoever logs in by it. */
    @ParameterizedTest
    @MethodSource("overlays")
    void eachServiceHasARoleOfItsOwn(Manifests manifests) {
        for (String schema : Set.of("delivery", "mailbox")) {
            String service = manifests.the("Deployment", schema + "-service").toString();
            assertTrue(service.contains(schema + "-database"), schema);
            assertTrue(!service.contains((schema.equals("mailbox") ? "delivery" : "mailbox") + "-database"), schema);
            String made = manifests.overlay().equals("dev") ? Manifests.file("overlays/dev/roles.sh")
                    : manifests.the("Cluster", "postbus-db").toString();
            assertTrue(made.contains("CREATE SCHEMA " + schema + " AUTHORIZATION " + schema), schema);
        }
    }
}
