package org.postbus.k8s;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every object is what its kind may be, and the test would notice if it were not. */
class StrictParsingTest {

    static Stream<Manifests> overlays() {
        return Manifests.all();
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void noObjectHasAFieldThatItsKindDoesNotHave(Manifests manifests) {
        List<String> faults = manifests.objects().stream()
                .flatMap(object -> Models.fault(object).stream().map(fault -> Manifests.name(object) + ": " + fault)).toList();
        assertEquals(List.of(), faults);
        assertTrue(manifests.objects().size() > 40, () -> "only " + manifests.objects().size());
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void noTwoObjectsHaveOneName(Manifests manifests) {
        Map<String, Long> twice = manifests.objects().stream()
                .collect(Collectors.groupingBy(object -> object.path("kind").asText() + " " + Manifests.name(object),
                        TreeMap::new, Collectors.counting()));
        twice.values().removeIf(count -> count == 1);
        assertEquals(Map.of(), twice);
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void everythingIsInTheOverlaysNamespace(Manifests manifests) {
        String namespace = Manifests.name(manifests.kind("Namespace").findFirst().orElseThrow());
        assertEquals(List.of(), manifests.objects().stream().filter(object -> !object.path("kind").asText().equals("Namespace"))
                .filter(object -> !object.path("metadata").path("namespace").asText().equals(namespace)).map(Manifests::name).toList());
    }

    /** One field that nobody knows, put at every depth of every kind. */
    @Test
    void anUnknownFieldIsNoticedWhereverItIs() {
        List<String> unnoticed = new ArrayList<>();
        Map<String, JsonNode> kinds = new TreeMap<>();
        Manifests.all().forEach(manifests -> manifests.objects().forEach(object -> kinds.put(object.path("kind").asText(), object)));
        kinds.forEach((kind, object) -> paths(object.path("spec"), "").forEach(path -> {
            ObjectNode broken = object.deepCopy();
            ((ObjectNode) broken.path("spec").at(path)).put("noSuchField", "x");
            if (Models.fault(broken).isEmpty()) {
                unnoticed.add(kind + " spec" + path);
            }
        }));
        unnoticed.removeIf(StrictParsingTest::isFree);
        assertEquals(List.of(), unnoticed);
    }

    /** Maps of names that are free: labels, resources, parameters. */
    private static boolean isFree(String place) {
        return place.matches(".*/(matchLabels|labels|annotations|requests|limits|parameters|metadata)")
                || List.of("Service spec/selector", "Kafka spec/kafka/config", "KafkaTopic spec/config").contains(place);
    }

    private static List<String> paths(JsonNode node, String path) {
        List<String> paths = new ArrayList<>();
        if (node instanceof ObjectNode) {
            paths.add(path);
            node.properties().forEach(entry -> paths.addAll(paths(entry.getValue(), path + "/" + entry.getKey().replace("/", "~1"))));
        } else if (node instanceof ArrayNode list) {
            for (int i = 0; i < list.size(); i++) {
                paths.addAll(paths(list.get(i), path + "/" + i));
            }
        }
        return paths;
    }
}
