package org.postbus.k8s;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What is watched is there to be watched, and whoever is woken finds what to do. */
class MonitoringTest {

    private static final Pattern METRIC = Pattern.compile("\\b(?:postbus|kubelet|certmanager)_[a-z0-9_]+");
    private static final Pattern METER = Pattern.compile("(?:Gauge\\.builder|Counter\\.builder|Timer\\.builder|FunctionCounter\\.builder|"
            + "\\bgauge|\\bcounter|\\btimer|registry\\.[a-z]+|meters\\.[a-z]+|metrics\\.[a-z]+)\\(\\s*\"(postbus\\.[a-z0-9.]+)\"");
    /** What Prometheus's naming appends to a meter's name. */
    private static final List<String> SUFFIXES = List.of("", "_total", "_seconds", "_seconds_count", "_seconds_sum", "_seconds_max",
            "_seconds_bucket", "_bytes", "_bytes_total");
    /** Not ours: the kubelet's and cert-manager's. */
    private static final Set<String> OF_OTHERS = Set.of("kubelet_volume_stats_available_bytes", "kubelet_volume_stats_capacity_bytes",
            "certmanager_certificate_expiration_timestamp_seconds");

    private final Manifests production = Manifests.of("production");

    @Test
    void everyMetricIsOne() throws Exception {
        Set<String> meters = meters();
        assertTrue(meters.size() > 25, () -> "only " + meters);
        Set<String> unknown = new TreeSet<>();
        int[] used = {0};
        expressions().forEach(expression -> METRIC.matcher(expression).results().map(found -> found.group()).forEach(metric -> {
            used[0]++;
            if (!OF_OTHERS.contains(metric) && meters.stream().noneMatch(meter -> SUFFIXES.stream().anyMatch(end -> metric.equals(meter + end)))) {
                unknown.add(metric);
            }
        }));
        assertEquals(Set.of(), unknown);
        assertTrue(used[0] > 40, () -> "only " + used[0] + " were looked at");
    }

    /** By the sources, with the separators of Prometheus. */
    private static Set<String> meters() throws Exception {
        Set<String> meters = new TreeSet<>();
        for (String module : List.of("mail-consumer", "mail-gateway", "smtp-gateway", "pop3-gateway", "delivery-service", "mailbox-service")) {
            try (Stream<Path> files = Files.walk(Path.of("..", module, "src/main/java"))) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    METER.matcher(Files.readString(file)).results().forEach(found -> meters.add(found.group(1).replace('.', '_')));
                }
            }
        }
        return meters;
    }

    private Stream<String> expressions() throws Exception {
        List<String> all = new ArrayList<>();
        rules().forEach(rule -> all.add(rule.path("expr").asText()));
        panels().forEach(panel -> panel.path("targets").forEach(target -> all.add(target.path("expr").asText())));
        production.kind("ScaledObject").flatMap(scaled -> Manifests.each(scaled.at("/spec/triggers")))
                .filter(trigger -> trigger.path("type").asText().equals("prometheus"))
                .forEach(trigger -> all.add(trigger.at("/metadata/query").asText()));
        return all.stream();
    }

    private Stream<JsonNode> rules() {
        return Manifests.each(production.the("PrometheusRule", "postbus").at("/spec/groups")).flatMap(group -> Manifests.each(group.path("rules")));
    }

    private Stream<JsonNode> panels() throws Exception {
        return Manifests.each(new ObjectMapper().readTree(production.the("ConfigMap", "postbus-dashboard").at("/data").path("postbus.json").asText())
                .path("panels"));
    }

    @Test
    void everyAlertLeadsToItsPlaceInTheOperationsGuide() {
        Set<String> anchors = Manifests.file("../docs/operations.md").lines().filter(line -> line.startsWith("#"))
                .map(line -> line.replaceFirst("#+ *", "").toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9 -]", "").replace(' ', '-'))
                .collect(Collectors.toSet());
        List<JsonNode> rules = rules().toList();
        assertTrue(rules.size() > 10);
        rules.forEach(rule -> {
            String link = rule.at("/annotations/runbook_url").asText();
            assertTrue(link.startsWith("docs/operations.md#") && anchors.contains(link.substring(link.indexOf('#') + 1)), link);
            assertTrue(Set.of("warning", "critical").contains(rule.at("/labels/severity").asText()), link);
            assertTrue(!rule.at("/annotations/summary").asText().isEmpty(), link);
        });
    }

    @Test
    void everyAlertOfTheGuideIsOne() {
        String guide = Manifests.file("../docs/operations.md");
        Set<String> told = guide.lines().filter(line -> line.startsWith("### Postbus")).map(line -> line.substring(4))
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(told, rules().map(rule -> rule.path("alert").asText()).collect(Collectors.toCollection(TreeSet::new)));
    }

    @Test
    void thePodMonitorFindsEveryService() {
        JsonNode spec = production.the("PodMonitor", "postbus").path("spec");
        production.deployments().forEach(deployment -> {
            assertTrue(NetworkRules.selects(spec.path("selector"), Manifests.labels(deployment.at("/spec/template/metadata/labels"))));
            assertEquals(9000, Manifests.port(deployment, spec.at("/podMetricsEndpoints/0/port")));
        });
        assertEquals("/q/metrics", spec.at("/podMetricsEndpoints/0/path").asText());
        assertTrue(Manifests.file("../docs/operations.md").contains("`/q/metrics`"));
        production.kind("Job").forEach(job -> assertTrue(!NetworkRules.selects(spec.path("selector"),
                Manifests.labels(job.at("/spec/template/metadata/labels"))), "a migration has no metrics"));
    }

    @Test
    void theDashboardShowsWhatAnOperatorAsks() throws Exception {
        Set<String> titles = panels().map(panel -> panel.path("title").asText()).collect(Collectors.toSet());
        assertTrue(titles.containsAll(List.of("Mails per second", "Refusals by reason", "Acceptance to filing", "Lag age against kept events",
                "Free disk", "Relay by outcome and reason", "Dead letters", "Days that certificates last")), titles::toString);
        assertEquals("1", production.the("ConfigMap", "postbus-dashboard").at("/metadata/labels").path("grafana_dashboard").asText());
    }
}
