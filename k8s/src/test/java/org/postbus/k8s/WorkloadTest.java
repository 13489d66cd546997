package org.postbus.k8s;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** How each workload runs: restricted, bounded, probed, drained, spread. */
class WorkloadTest {

    static Stream<Manifests> overlays() {
        return Manifests.all();
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void everyPodKeepsTheRestrictedStandard(Manifests manifests) {
        JsonNode namespace = manifests.kind("Namespace").findFirst().orElseThrow();
        assertEquals("restricted", namespace.at("/metadata/labels").path("pod-security.kubernetes.io/enforce").asText());
        manifests.workloads().forEach(workload -> {
            JsonNode pod = Manifests.pod(workload);
            JsonNode context = pod.path("securityContext");
            String name = Manifests.name(workload);
            assertTrue(context.path("runAsNonRoot").asBoolean() && context.path("runAsUser").asInt() > 0, name);
            assertEquals("RuntimeDefault", context.at("/seccompProfile/type").asText(), name);
            JsonNode container = Manifests.container(workload).path("securityContext");
            assertFalse(container.path("allowPrivilegeEscalation").asBoolean(true), name);
            assertEquals(List.of("ALL"), Manifests.texts(container.at("/capabilities/drop")), name);
            assertFalse(container.has("privileged") || container.at("/capabilities").has("add"), name);
            for (String forbidden : List.of("hostNetwork", "hostPID", "hostIPC", "initContainers")) {
                assertFalse(pod.has(forbidden), () -> name + " has " + forbidden);
            }
            Set<String> kinds = Manifests.each(pod.path("volumes")).flatMap(volume -> volume.properties().stream())
                    .map(Map.Entry::getKey).collect(Collectors.toCollection(HashSet::new));
            kinds.removeAll(Set.of("name", "emptyDir", "secret", "configMap", "projected"));
            assertEquals(Set.of(), kinds, name);
            assertFalse(pod.path("automountServiceAccountToken").asBoolean(true), name);
            assertFalse(pod.path("enableServiceLinks").asBoolean(true), () -> name + ": names of Services become settings");
        });
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void ourProcessesWriteToTmpAlone_asTheUserOfTheImage(Manifests manifests) {
        ours(manifests).forEach(workload -> {
            String name = Manifests.name(workload);
            assertTrue(Manifests.container(workload).at("/securityContext/readOnlyRootFilesystem").asBoolean(), name);
            assertEquals(65532, Manifests.pod(workload).at("/securityContext/runAsUser").asInt(), name);
            assertEquals(65532, Manifests.pod(workload).at("/securityContext/fsGroup").asInt(), name);
            List<String> writable = Manifests.each(Manifests.container(workload).path("volumeMounts"))
                    .filter(mount -> !mount.path("readOnly").asBoolean()).map(mount -> mount.path("mountPath").asText()).toList();
            assertEquals(List.of("/tmp"), writable, name);
        });
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void everyWorkloadIsBounded(Manifests manifests) {
        manifests.workloads().forEach(workload -> {
            JsonNode resources = Manifests.container(workload).path("resources");
            for (String bound : List.of("/requests/cpu", "/requests/memory", "/limits/memory")) {
                assertFalse(resources.at(bound).asText().isEmpty(), () -> Manifests.name(workload) + " without " + bound);
            }
        });
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void everyServiceIsProbed_andOnlyReadinessAsksOthers(Manifests manifests) {
        manifests.deployments().forEach(deployment -> {
            JsonNode container = Manifests.container(deployment);
            String name = Manifests.name(deployment);
            Map.of("startupProbe", "/q/health/live", "livenessProbe", "/q/health/live", "readinessProbe", "/q/health/ready")
                    .forEach((probe, path) -> {
                        JsonNode get = container.path(probe).path("httpGet");
                        assertEquals(path, get.path("path").asText(), name);
                        assertEquals(9000, Manifests.port(deployment, get.path("port")), name);
                        assertTrue(documented("`" + path + "`"), path);
                    });
            assertEquals("9000", manifests.settings(deployment).get("QUARKUS_MANAGEMENT_PORT"), name);
            JsonNode startup = container.path("startupProbe");
            assertTrue(startup.path("periodSeconds").asInt() * startup.path("failureThreshold").asInt() >= 120, name);
        });
    }

    private static boolean documented(String path) {
        return Manifests.file("../docs/operations.md").contains(path);
    }

    /** The order of a stop, and how long each step may take; what is no setting is a constant of the code that is named. */
    @ParameterizedTest
    @MethodSource("overlays")
    void whatDrainsHasTheTime(Manifests manifests) {
        Map<String, Duration> ends = Map.of(
                // Not ready (quarkus.shutdown.delay), drain and its slack (SmtpGateway.DRAIN_SLACK), EventSender.close.
                "smtp-gateway", seconds(1).plus(drain(manifests, "smtp-gateway", "SMTP_DRAIN")).plus(seconds(2 + 12)),
                // The same with the slack of Pop3Gateway.START_WITHIN.
                "pop3-gateway", seconds(1).plus(drain(manifests, "pop3-gateway", "POP3_DRAIN")).plus(seconds(10 + 12)),
                // REST (quarkus.shutdown.delay and .timeout), PollLoop.close, Relay.DRAIN and .ABORTED, Recorder.close, Trimmer.close,
                // EventProducer.close.
                "delivery-service", seconds(12 + 30 + 40 + 2 + 10 + 5 + 5),
                // REST, Housekeeping.stop, PollLoop.close, OutboxPublisher.stop, Trimmer.close, EventLog.close.
                "mailbox-service", seconds(12 + 5 + 30 + 5 + 7 + 5 + 6));
        manifests.deployments().forEach(deployment -> {
            Duration preStop = seconds(Manifests.container(deployment).at("/lifecycle/preStop/sleep/seconds").asInt());
            // Endpoints are gone by then; with externalTrafficPolicy Local a load balancer has asked the nodes, too.
            assertTrue(preStop.toSeconds() >= (Manifests.name(deployment).endsWith("-gateway") ? 30 : 5), () -> Manifests.name(deployment));
            Duration grace = seconds(Manifests.pod(deployment).path("terminationGracePeriodSeconds").asInt());
            Duration needed = preStop.plus(ends.get(Manifests.name(deployment)));
            assertTrue(grace.compareTo(needed) > 0, () -> Manifests.name(deployment) + " needs " + needed + " and has " + grace);
        });
    }

    private static Duration drain(Manifests manifests, String service, String key) {
        return Duration.parse("PT" + manifests.settings(manifests.the("Deployment", service)).get(key));
    }

    private static Duration seconds(int seconds) {
        return Duration.ofSeconds(seconds);
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void aNodeThatIsDrainedTakesOneOfEach_andARollOutNone(Manifests manifests) {
        manifests.deployments().forEach(deployment -> {
            String name = Manifests.name(deployment);
            JsonNode budget = manifests.the("PodDisruptionBudget", name).path("spec");
            assertEquals(1, budget.path("maxUnavailable").asInt(), name);
            assertTrue(NetworkRules.selects(budget.path("selector"), podLabels(deployment)), name);
            assertEquals(0, deployment.at("/spec/strategy/rollingUpdate/maxUnavailable").asInt(1), name);
            Set<String> spread = Manifests.each(Manifests.pod(deployment).path("topologySpreadConstraints"))
                    .peek(constraint -> assertTrue(NetworkRules.selects(constraint.path("labelSelector"), podLabels(deployment)), name))
                    .map(constraint -> constraint.path("topologyKey").asText()).collect(Collectors.toSet());
            assertEquals(Set.of("topology.kubernetes.io/zone", "kubernetes.io/hostname"), spread, name);
        });
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void everyServiceHasAnAccountOfItsOwn_withoutAToken(Manifests manifests) {
        manifests.deployments().forEach(deployment -> {
            String name = Manifests.name(deployment);
            assertEquals(name, Manifests.pod(deployment).path("serviceAccountName").asText());
            assertFalse(manifests.the("ServiceAccount", name).path("automountServiceAccountToken").asBoolean(true), name);
        });
        assertEquals(0, manifests.objects().stream().filter(object -> object.path("kind").asText().contains("Role")).count(),
                "nobody asks the API server");
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void aChangeOfConfigurationRollsThePods(Manifests manifests) {
        manifests.deployments().forEach(deployment -> Manifests.each(Manifests.container(deployment).path("envFrom"))
                .map(from -> from.at("/configMapRef/name").asText())
                .forEach(name -> assertTrue(name.matches(".+-[0-9a-z]{10}"), () -> name + " does not change with its content")));
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void noSecretIsInAConfigMapOrInTheEnvironmentInClear(Manifests manifests) {
        ours(manifests).forEach(workload -> manifests.settings(workload).forEach((key, value) -> assertTrue(value.isEmpty()
                || !key.matches(".*(PASSWORD|JAAS|TOKEN|SECRET)(?!_FILE).*"), () -> Manifests.name(workload) + ": " + key)));
        manifests.kind("ConfigMap").forEach(map -> assertFalse(map.path("data").toString().matches("(?s).*(password=|BEGIN [A-Z ]*PRIVATE).*"),
                () -> Manifests.name(map)));
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void servicesLeadToTheirPods_andKeepTheClientsAddress(Manifests manifests) {
        Map<String, Integer> wanted = Map.of("smtp", 25, "submission", 587, "submissions", 465, "pop3", 110, "pop3s", 995);
        manifests.deployments().forEach(deployment -> {
            JsonNode spec = manifests.the("Service", Manifests.name(deployment)).path("spec");
            Map<String, String> selector = Manifests.labels(spec.path("selector"));
            assertTrue(podLabels(deployment).entrySet().containsAll(selector.entrySet()), selector::toString);
            spec.path("ports").forEach(port -> {
                Manifests.port(deployment, port.path("targetPort"));
                String name = port.path("name").asText();
                assertEquals(wanted.getOrDefault(name, port.path("port").asInt()), port.path("port").asInt(), name);
            });
            if (spec.path("type").asText().equals("LoadBalancer")) {
                boolean header = manifests.settings(deployment).keySet().stream().anyMatch(key -> key.endsWith("_PROXIES"));
                assertEquals(header ? "Cluster" : "Local", spec.path("externalTrafficPolicy").asText(), Manifests.name(deployment));
            }
        });
        manifests.kind("Job").filter(job -> Manifests.name(job).contains("migration"))
                .forEach(job -> manifests.kind("Service").forEach(service -> assertFalse(podLabels(job).entrySet()
                        .containsAll(Manifests.labels(service.at("/spec/selector")).entrySet()), "a migration serves nobody")));
    }

    @Test
    void behindAProxyEveryMailPortReadsTheHeader() {
        Manifests proxied = Manifests.of("production-proxied");
        Map<String, String> smtp = proxied.settings(proxied.the("Deployment", "smtp-gateway"));
        assertTrue(smtp.containsKey("SMTP_PROXIES") && smtp.containsKey("SMTP_SUBMISSION_PROXIES"));
        assertTrue(proxied.settings(proxied.the("Deployment", "pop3-gateway")).containsKey("POP3_PROXIES"));
        assertFalse(smtp.containsKey("SMTP_RELAY_NETWORKS"));
    }

    @Test
    void inProductionKedaSaysHowManyThereAre_byWhatEachDoes() {
        Manifests production = Manifests.of("production");
        production.deployments().forEach(deployment -> {
            JsonNode scaled = production.the("ScaledObject", Manifests.name(deployment)).path("spec");
            assertEquals(Manifests.name(deployment), scaled.at("/scaleTargetRef/name").asText());
            assertFalse(deployment.path("spec").has("replicas"), "an apply would set it back");
            assertTrue(scaled.path("minReplicaCount").asInt() >= 2 && scaled.path("maxReplicaCount").asInt() <= 24);
            Set<String> types = Manifests.each(scaled.path("triggers")).map(trigger -> trigger.path("type").asText()).collect(Collectors.toSet());
            assertEquals(Set.of(Manifests.name(deployment).endsWith("-gateway") ? "prometheus" : "kafka"), types);
        });
        Manifests.of("dev").deployments().forEach(deployment -> assertEquals(1, deployment.at("/spec/replicas").asInt()));
    }

    private static Stream<JsonNode> ours(Manifests manifests) {
        return manifests.workloads().filter(workload -> Manifests.container(workload).path("image").asText().startsWith("postbus/"));
    }

    private static Map<String, String> podLabels(JsonNode workload) {
        return Manifests.labels(workload.at("/spec/template/metadata/labels"));
    }
}
