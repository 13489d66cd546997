package org.postbus.k8s;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.postbus.k8s.NetworkRules.Address;
import org.postbus.k8s.NetworkRules.Foreign;
import org.postbus.k8s.NetworkRules.Peer;
import org.postbus.k8s.NetworkRules.Pod;

/** Nobody speaks to anybody but for a reason. */
class NetworkPolicyTest {

    private static final Address INTERNET = new Address("192.0.2.25");
    private static final Address INTERNET6 = new Address("2001:db8::25");
    private static final List<Address> PRIVATE = List.of(new Address("10.1.2.3"), new Address("172.20.0.1"),
            new Address("192.168.1.1"), new Address("169.254.169.254"), new Address("100.64.0.1"), new Address("fd00::1"));
    private static final List<Integer> PORTS = List.of(22, 25, 53, 80, 110, 443, 465, 587, 2110, 2465, 2525, 2587, 2995, 5432, 6443,
            8080, 8443, 9000, 9092, 9093, 11332);
    private static final Foreign STRANGER = new Foreign(Map.of("kubernetes.io/metadata.name", "default"), Map.of("app", "stranger"));

    static Stream<Manifests> overlays() {
        return Manifests.all();
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void whatNoPolicyNamesMayNothing(Manifests manifests) {
        NetworkRules rules = new NetworkRules(manifests);
        Pod unknown = new Pod(Map.of("app", "unknown"));
        for (int port : PORTS) {
            assertFalse(rules.may(unknown, INTERNET, port) || rules.may(INTERNET, unknown, port) || rules.may(STRANGER, unknown, port),
                    () -> "port " + port);
            for (String service : Manifests.SERVICES) {
                boolean front = clientPorts(manifests, service).contains(port);
                Pod pod = pod(manifests, service);
                assertEquals(front, rules.may(STRANGER, pod, port), () -> service + " from a stranger, port " + port);
                assertEquals(front, rules.may(INTERNET, pod, port), () -> service + " from outside, port " + port);
            }
        }
    }

    /** The ports of a Service that is for everybody. */
    private static Set<Integer> clientPorts(Manifests manifests, String service) {
        JsonNode spec = manifests.the("Service", service).path("spec");
        Set<Integer> ports = new TreeSet<>();
        if (spec.path("type").asText().equals("LoadBalancer")) {
            spec.path("ports").forEach(port -> ports.add(Manifests.port(manifests.the("Deployment", service), port.path("targetPort"))));
        }
        return ports;
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void onlyDeliveryReachesTheWorld(Manifests manifests) {
        Map<String, Set<Integer>> reached = Map.of(
                "smtp-gateway", Set.of(),
                "pop3-gateway", Set.of(),
                "delivery-service", Set.of(25, 443, 465, 587),
                "mailbox-service", Set.of());
        NetworkRules rules = new NetworkRules(manifests);
        reached.forEach((service, ports) -> {
            Pod pod = pod(manifests, service);
            assertEquals(new TreeSet<>(ports), reachable(rules, pod, INTERNET), service);
            assertEquals(new TreeSet<>(ports), reachable(rules, pod, INTERNET6), service);
            PRIVATE.forEach(address -> assertEquals(Set.of(), reachable(rules, pod, address), () -> service + " to " + address));
            assertFalse(rules.may(pod, INTERNET, 53, "UDP"), service);
        });
        manifests.kind("Job").forEach(job -> assertEquals(Set.of(), reachable(rules, new Pod(podLabels(job)), INTERNET)));
    }

    private static Set<Integer> reachable(NetworkRules rules, Peer from, Peer to) {
        Set<Integer> ports = new TreeSet<>();
        PORTS.stream().filter(port -> rules.may(from, to, port)).forEach(ports::add);
        return ports;
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void theGatewaysReachTheInternalApi_andOfOthersTheIngressAlone(Manifests manifests) {
        NetworkRules rules = new NetworkRules(manifests);
        Pod mailbox = pod(manifests, "mailbox-service");
        int api = apiPort(manifests);
        for (String service : Manifests.SERVICES) {
            assertEquals(service.endsWith("-gateway"), rules.may(pod(manifests, service), mailbox, api), service);
        }
        manifests.workloads().filter(workload -> !Manifests.SERVICES.contains(Manifests.name(workload)))
                .forEach(other -> assertFalse(rules.may(new Pod(podLabels(other)), mailbox, api), () -> Manifests.name(other)));
        Foreign ingress = new Foreign(Map.of("postbus.org/ingress", "true"), Map.of());
        boolean hasIngress = manifests.kind("Ingress").findAny().isPresent();
        assertEquals(hasIngress, rules.may(ingress, mailbox, api));
        assertEquals(hasIngress, rules.may(ingress, pod(manifests, "delivery-service"), api));
        manifests.kind("Ingress").flatMap(each -> Manifests.each(each.at("/spec/rules/0/http/paths"))).map(path -> path.path("path").asText())
                .forEach(path -> assertTrue(path.startsWith("/api/v1"), () -> path + " is no path of the admin API"));
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void metricsAreForMonitoringAlone(Manifests manifests) {
        NetworkRules rules = new NetworkRules(manifests);
        Foreign monitoring = new Foreign(Map.of("postbus.org/monitoring", "true"), Map.of());
        for (String service : Manifests.SERVICES) {
            Pod pod = pod(manifests, service);
            assertEquals(Set.of(9000), union(reachable(rules, monitoring, pod), clientPorts(manifests, service)), service);
            Manifests.SERVICES.forEach(other -> assertFalse(rules.may(pod(manifests, other), pod, 9000), service));
        }
    }

    private static Set<Integer> union(Set<Integer> reached, Set<Integer> forEverybody) {
        Set<Integer> own = new TreeSet<>(reached);
        own.removeAll(forEverybody);
        return own;
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void theMxReachesItsContentFilterWhereverThatIs(Manifests manifests) {
        NetworkRules rules = new NetworkRules(manifests);
        Foreign filter = new Foreign(Map.of("kubernetes.io/metadata.name", "rspamd"), Map.of("postbus.org/content-filter", "true"));
        for (String service : Manifests.SERVICES) {
            assertEquals(service.equals("smtp-gateway"), rules.may(pod(manifests, service), filter, 11332), service);
            assertFalse(rules.may(pod(manifests, service), STRANGER, 11332), service);
        }
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void whoAsksBlocklistsOrForMailHostsMayHaveAResolverOfItsOwn(Manifests manifests) {
        NetworkRules rules = new NetworkRules(manifests);
        Foreign resolver = new Foreign(Map.of("kubernetes.io/metadata.name", "dns"), Map.of("postbus.org/resolver", "true"));
        for (String service : Manifests.SERVICES) {
            boolean asks = Set.of("smtp-gateway", "delivery-service").contains(service);
            assertEquals(asks, rules.may(pod(manifests, service), resolver, 53, "UDP"), service);
            assertEquals(asks ? Set.of(53) : Set.of(), reachable(rules, pod(manifests, service), resolver), service);
        }
        manifests.kind("Job").forEach(job -> assertEquals(Set.of(), reachable(rules, new Pod(podLabels(job)), resolver)));
    }

    /** What holds all mail has no way to send it anywhere. The API server of most clusters has a private address, which is no pod's. */
    @ParameterizedTest
    @MethodSource("overlays")
    void kafkaAndPostgresReachNothingOutside(Manifests manifests) {
        NetworkRules rules = new NetworkRules(manifests);
        boolean dev = manifests.overlay().equals("dev");
        for (Pod pod : List.of(kafka(manifests), postgres(manifests))) {
            assertEquals(Set.of(), reachable(rules, pod, INTERNET), pod::toString);
            assertEquals(Set.of(), reachable(rules, pod, INTERNET6), pod::toString);
            assertEquals(Set.of(), reachable(rules, pod, new Address("169.254.169.254")), pod::toString);
            assertEquals(dev ? Set.of() : Set.of(443, 6443), reachable(rules, pod, new Address("10.96.0.1")), pod::toString);
        }
    }

    static Pod kafka(Manifests manifests) {
        return new Pod(manifests.overlay().equals("dev") ? Map.of("app.kubernetes.io/name", "kafka")
                : Map.of("strimzi.io/cluster", "postbus", "strimzi.io/kind", "Kafka"));
    }

    static Pod postgres(Manifests manifests) {
        return new Pod(manifests.overlay().equals("dev") ? Map.of("app.kubernetes.io/name", "postgres")
                : Map.of("cnpg.io/cluster", "postbus-db"));
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void kafkaIsForOurServices_andPostgresForThoseThatHaveOne(Manifests manifests) {
        NetworkRules rules = new NetworkRules(manifests);
        Pod kafka = kafka(manifests);
        Pod postgres = postgres(manifests);
        int broker = manifests.overlay().equals("dev") ? 9092 : 9093;
        for (String service : Manifests.SERVICES) {
            Pod pod = pod(manifests, service);
            assertTrue(rules.may(pod, kafka, broker), service);
            assertEquals(service.endsWith("-service"), rules.may(pod, postgres, 5432), service);
        }
        manifests.kind("Job").filter(job -> Manifests.name(job).contains("migration")).forEach(job -> {
            assertTrue(rules.may(new Pod(podLabels(job)), postgres, 5432), () -> Manifests.name(job));
            assertFalse(rules.may(new Pod(podLabels(job)), kafka, broker), () -> Manifests.name(job));
        });
        for (Peer other : List.of(STRANGER, INTERNET, new Foreign(Map.of("postbus.org/monitoring", "true"), Map.of()))) {
            assertFalse(rules.may(other, kafka, broker) || rules.may(other, postgres, 5432), () -> other + " reaches the data");
        }
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void everybodyMayAskTheClustersDns(Manifests manifests) {
        NetworkRules rules = new NetworkRules(manifests);
        Foreign dns = new Foreign(Map.of("kubernetes.io/metadata.name", "kube-system"), Map.of("k8s-app", "kube-dns"));
        manifests.workloads().forEach(each -> assertTrue(rules.may(new Pod(podLabels(each)), dns, 53, "UDP"), () -> Manifests.name(each)));
        Foreign neighbour = new Foreign(Map.of("kubernetes.io/metadata.name", "kube-system"), Map.of("k8s-app", "metrics-server"));
        for (Foreign other : List.of(STRANGER, neighbour)) {
            assertFalse(rules.may(pod(manifests, "pop3-gateway"), other, 53, "UDP"), other::toString);
        }
    }

    @Test
    void inProductionTheInternalApiIsUnderTlsAndNothingElse() {
        Manifests production = Manifests.of("production");
        for (String service : List.of("delivery-service", "mailbox-service")) {
            Map<String, String> settings = production.settings(production.the("Deployment", service));
            assertEquals("disabled", settings.get("QUARKUS_HTTP_INSECURE_REQUESTS"), service);
            assertEquals(String.valueOf(apiPort(production)), settings.get("QUARKUS_HTTP_SSL_PORT"), service);
            String configuration = settings.get("QUARKUS_HTTP_TLS_CONFIGURATION_NAME").toUpperCase();
            assertTrue(settings.containsKey("QUARKUS_TLS__" + configuration + "__KEY_STORE_PEM__0__KEY"), service);
        }
        for (String gateway : List.of("smtp-gateway", "pop3-gateway")) {
            Map<String, String> settings = production.settings(production.the("Deployment", gateway));
            assertEquals("https://mailbox-service:" + apiPort(production), settings.get("POSTBUS_INTERNAL_URL"));
            assertTrue(settings.containsKey("POSTBUS_INTERNAL_CA_FILE") && settings.containsKey("POSTBUS_INTERNAL_TOKEN_FILE"), gateway);
        }
        assertEquals("SASL_SSL", production.settings(production.the("Deployment", "smtp-gateway")).get("KAFKA_SECURITY_PROTOCOL"));
        assertEquals(List.of("mailbox-service"), Manifests.texts(production.the("Certificate", "mailbox-service").at("/spec/dnsNames")));
    }

    /** Gateways read their authority when they start: another key would be a stranger to those that run. */
    @Test
    void theAuthorityIsRenewedLongBeforeItsEnd_withTheKeyThatItHas() {
        JsonNode authority = Manifests.of("production").the("Certificate", "postbus-internal-ca").path("spec");
        assertEquals("Never", authority.at("/privateKey/rotationPolicy").asText());
        assertTrue(Duration.parse("PT" + authority.path("renewBefore").asText()).toDays() >= 365);
    }

    @Test
    void theRulesAreReadAsKubernetesReadsThem() {
        assertTrue(NetworkRules.inside("10.0.0.0/8", "10.255.0.1") && !NetworkRules.inside("10.0.0.0/8", "11.0.0.1"));
        assertTrue(NetworkRules.inside("::/0", "2001:db8::1") && !NetworkRules.inside("0.0.0.0/0", "2001:db8::1"));
        assertTrue(NetworkRules.inside("169.254.20.10/32", "169.254.20.10") && !NetworkRules.inside("169.254.20.10/32", "169.254.20.11"));
    }

    private static int apiPort(Manifests manifests) {
        JsonNode mailbox = manifests.the("Deployment", "mailbox-service");
        return Manifests.port(mailbox, Manifests.container(mailbox).at("/ports/0/name"));
    }

    private static Pod pod(Manifests manifests, String service) {
        return new Pod(podLabels(manifests.the("Deployment", service)));
    }

    private static Map<String, String> podLabels(JsonNode workload) {
        return new HashMap<>(Manifests.labels(workload.at("/spec/template/metadata/labels")));
    }
}
