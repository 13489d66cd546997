package org.postbus.k8s;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the manifests set is there to be set, and what they point at is there. */
class SettingsTest {

    /** Made by operators, with these names: Strimzi, CloudNativePG, cert-manager. */
    private static final Set<String> MADE_BY_OPERATORS = Set.of("postbus-cluster-ca-cert", "postbus-db-ca",
            "postbus-smtp-gateway", "postbus-pop3-gateway", "postbus-delivery-service", "postbus-mailbox-service", "postbus-keda");

    static Stream<Manifests> overlays() {
        return Manifests.all();
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void everyVariableIsASettingOfItsService(Manifests manifests) {
        KnownSettings known = KnownSettings.read();
        List<String> unknown = new ArrayList<>();
        manifests.workloads().filter(SettingsTest::isOurs).forEach(workload -> manifests.settings(workload).keySet().stream()
                .filter(key -> !known.has(key)).forEach(key -> unknown.add(Manifests.name(workload) + " " + key)));
        assertEquals(List.of(), unknown);
    }

    private static boolean isOurs(JsonNode workload) {
        return Manifests.container(workload).path("image").asText().startsWith("postbus/");
    }

    @Test
    void whatIsNoSettingIsNoticed() {
        KnownSettings known = KnownSettings.read();
        for (String key : List.of("SMTP_PROT", "POSTBUS_HOST", "QUARKUS_HTTP_SSLPORT", "KAFKA_BOOTSTRAP", "DELIVERY_RELAY_MAX_SESSION",
                "QUARKUS_TLS_POSTBUS_KEY_STORE_PEM_0_CERT", "MAILBOX_DB_URL")) {
            assertFalse(known.has(key), key);
        }
        for (String key : List.of("SMTP_PORT", "POSTBUS_SRS_SECRET_FILE", "QUARKUS_TLS__POSTBUS__KEY_STORE_PEM__0__CERT",
                "QUARKUS_DATASOURCE_MAILBOX_JDBC_URL", "KAFKA_BOOTSTRAP_SERVERS", "KAFKA_SASL_JAAS_CONFIG")) {
            assertTrue(known.has(key), key);
        }
    }

    /** {@code kafka.*} and {@code quarkus.*} alone say nothing of a service; these do. */
    @ParameterizedTest
    @MethodSource("overlays")
    void whatHasNoDefaultIsSet(Manifests manifests) {
        Map<String, List<String>> required = Map.of(
                "smtp-gateway", List.of("KAFKA_BOOTSTRAP_SERVERS", "POSTBUS_INTERNAL_URL", "POSTBUS_INTERNAL_TOKEN_FILE", "POSTBUS_HOSTNAME"),
                "pop3-gateway", List.of("KAFKA_BOOTSTRAP_SERVERS", "POSTBUS_INTERNAL_URL", "POSTBUS_INTERNAL_TOKEN_FILE", "POSTBUS_HOSTNAME"),
                "delivery-service", List.of("KAFKA_BOOTSTRAP_SERVERS", "POSTBUS_ADMIN_TOKEN_FILE", "QUARKUS_DATASOURCE_DELIVERY_JDBC_URL",
                        "QUARKUS_DATASOURCE_DELIVERY_USERNAME", "QUARKUS_DATASOURCE_DELIVERY_PASSWORD", "DELIVERY_SECRET_FILE"),
                "mailbox-service", List.of("KAFKA_BOOTSTRAP_SERVERS", "POSTBUS_ADMIN_TOKEN_FILE", "POSTBUS_INTERNAL_TOKEN_FILE",
                        "QUARKUS_DATASOURCE_MAILBOX_JDBC_URL", "QUARKUS_DATASOURCE_MAILBOX_USERNAME", "QUARKUS_DATASOURCE_MAILBOX_PASSWORD"));
        manifests.deployments().forEach(deployment -> assertTrue(manifests.settings(deployment).keySet()
                .containsAll(required.get(Manifests.name(deployment))), () -> Manifests.name(deployment)));
        assertEquals(manifests.settings(manifests.the("Deployment", "smtp-gateway")).get("POSTBUS_SRS_SECRET_FILE"),
                manifests.settings(manifests.the("Deployment", "delivery-service")).get("POSTBUS_SRS_SECRET_FILE"));
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void everyFileThatASettingNamesIsMounted(Manifests manifests) {
        manifests.deployments().forEach(deployment -> {
            Set<String> files = mounted(deployment);
            Set<String> folders = files.stream().filter(file -> file.endsWith("/")).collect(Collectors.toSet());
            manifests.settings(deployment).values().stream().flatMap(value -> Stream.of(value.split("[=&]")))
                    .filter(value -> value.startsWith("/etc/")).forEach(file -> assertTrue(files.contains(file)
                            || folders.contains(Path.of(file).getParent() + "/"), () -> Manifests.name(deployment) + " has no " + file));
        });
    }

    /** Files by name; a Secret that is mounted whole, as its folder with a slash. */
    private static Set<String> mounted(JsonNode deployment) {
        Set<String> files = new TreeSet<>();
        Manifests.each(Manifests.container(deployment).path("volumeMounts")).forEach(mount -> {
            String folder = mount.path("mountPath").asText() + "/";
            JsonNode volume = Manifests.each(Manifests.pod(deployment).path("volumes"))
                    .filter(each -> each.path("name").equals(mount.path("name"))).findFirst().orElseThrow();
            Stream<JsonNode> secrets = Stream.concat(Stream.of(volume.path("secret")),
                    Manifests.each(volume.at("/projected/sources")).map(source -> source.path("secret")));
            secrets.filter(secret -> !secret.isMissingNode()).forEach(secret -> {
                if (secret.has("items")) {
                    secret.path("items").forEach(item -> files.add(folder + item.path("path").asText()));
                } else {
                    files.add(folder);
                }
            });
        });
        return files;
    }

    /** In the overlay, made by an operator, or one that README.md tells to make. */
    @ParameterizedTest
    @MethodSource("overlays")
    void everyConfigMapAndSecretThatIsReadComesFromSomewhere(Manifests manifests) {
        Set<String> there = new TreeSet<>(MADE_BY_OPERATORS);
        manifests.kind("ConfigMap").map(Manifests::name).forEach(there::add);
        manifests.kind("Secret").map(Manifests::name).forEach(there::add);
        manifests.kind("Certificate").map(certificate -> certificate.at("/spec/secretName").asText()).forEach(there::add);
        if (!manifests.overlay().equals("dev")) {
            Stream.of(Manifests.file("README.md").split("\n")).filter(line -> line.startsWith("| `"))
                    .map(line -> line.substring(3, line.indexOf('`', 3))).forEach(there::add);
        }
        Set<String> read = new TreeSet<>();
        manifests.objects().forEach(object -> references(object, read));
        read.removeAll(there);
        assertEquals(Set.of(), read);
    }

    private static void references(JsonNode node, Set<String> into) {
        for (String kind : List.of("secretKeyRef", "configMapKeyRef", "configMapRef", "configMap", "passwordSecret")) {
            if (node.path(kind).has("name")) {
                into.add(node.path(kind).path("name").asText());
            }
        }
        if (node.path("secret").isObject()) {
            into.add(node.path("secret").path("secretName").asText(node.path("secret").path("name").asText()));
        }
        node.path("secretTargetRef").forEach(target -> into.add(target.path("name").asText()));
        node.forEach(child -> references(child, into));
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void thePortsOfAPodAreThoseThatItsServiceListensOn(Manifests manifests) {
        Map<String, String> settings = Map.of("smtp", "SMTP_PORT", "submission", "SMTP_SUBMISSION_PORT", "submissions",
                "SMTP_SUBMISSION_TLS_PORT", "pop3", "POP3_PORT", "pop3s", "POP3_TLS_PORT", "management", "QUARKUS_MANAGEMENT_PORT");
        manifests.deployments().forEach(deployment -> {
            Map<String, String> set = manifests.settings(deployment);
            String api = set.containsKey("QUARKUS_HTTP_SSL_PORT") ? "QUARKUS_HTTP_SSL_PORT" : "QUARKUS_HTTP_PORT";
            Set<String> used = new TreeSet<>();
            Manifests.container(deployment).path("ports").forEach(port -> {
                String key = settings.getOrDefault(port.path("name").asText(), api);
                used.add(key);
                assertEquals(set.get(key), port.path("containerPort").asText(), () -> Manifests.name(deployment) + " " + key);
            });
            settings.values().stream().filter(set::containsKey).forEach(key -> assertTrue(used.contains(key), key));
        });
    }
}
