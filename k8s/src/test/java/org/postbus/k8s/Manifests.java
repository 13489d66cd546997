package org.postbus.k8s;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The objects of an overlay, as it is rendered beside it. */
record Manifests(String overlay, List<JsonNode> objects) {

    static final List<String> OVERLAYS = List.of("dev", "production", "production-proxied");
    static final List<String> SERVICES = List.of("smtp-gateway", "pop3-gateway", "delivery-service", "mailbox-service");

    static Stream<Manifests> all() {
        return OVERLAYS.stream().map(Manifests::of);
    }

    static Manifests of(String overlay) {
        return new Manifests(overlay, documents(rendered(overlay)));
    }

    static List<JsonNode> documents(Path file) {
        List<JsonNode> objects = new ArrayList<>();
        YAMLMapper yaml = new YAMLMapper();
        try (var documents = yaml.readerFor(JsonNode.class).<JsonNode>readValues(file.toFile())) {
            documents.forEachRemaining(objects::add);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return objects;
    }

    /** Tests run in the folder {@code k8s}. */
    static Path folder(String overlay) {
        return Path.of("overlays", overlay);
    }

    static Path rendered(String overlay) {
        return folder(overlay).resolve("rendered.yaml");
    }

    static String file(String path) {
        try {
            return Files.readString(Path.of(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Stream<JsonNode> kind(String kind) {
        return objects.stream().filter(object -> object.path("kind").asText().equals(kind));
    }

    JsonNode the(String kind, String name) {
        return kind(kind).filter(object -> name(object).equals(name)).findFirst()
                .orElseThrow(() -> new AssertionError(overlay + " has no " + kind + " " + name));
    }

    /** The Deployment of each of our services. */
    Stream<JsonNode> deployments() {
        return SERVICES.stream().map(service -> the("Deployment", service));
    }

    /** Everything that makes pods: also Jobs, and what the dev overlay brings along. */
    Stream<JsonNode> workloads() {
        return objects.stream().filter(object -> List.of("Deployment", "StatefulSet", "Job").contains(object.path("kind").asText()));
    }

    /** What a workload's container finds in its environment and in no Secret. */
    Map<String, String> settings(JsonNode workload) {
        Map<String, String> settings = new TreeMap<>();
        JsonNode container = container(workload);
        container.path("envFrom").forEach(from -> the("ConfigMap", from.path("configMapRef").path("name").asText()).path("data")
                .properties().forEach(entry -> settings.put(entry.getKey(), entry.getValue().asText())));
        container.path("env").forEach(variable -> settings.put(variable.path("name").asText(), variable.path("value").asText()));
        return settings;
    }

    static String name(JsonNode object) {
        return object.path("metadata").path("name").asText();
    }

    static JsonNode pod(JsonNode workload) {
        return workload.path("spec").path("template").path("spec");
    }

    /** None has more than one. */
    static JsonNode container(JsonNode workload) {
        return pod(workload).path("containers").path(0);
    }

    static Map<String, String> labels(JsonNode labels) {
        Map<String, String> map = new TreeMap<>();
        labels.properties().forEach(entry -> map.put(entry.getKey(), entry.getValue().asText()));
        return map;
    }

    static Stream<JsonNode> each(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false);
    }

    static List<String> texts(JsonNode list) {
        return each(list).map(JsonNode::asText).toList();
    }

    /** The number behind a port's name, or the number. */
    static int port(JsonNode workload, JsonNode nameOrNumber) {
        if (nameOrNumber.isNumber()) {
            return nameOrNumber.asInt();
        }
        return each(container(workload).path("ports")).filter(port -> port.path("name").equals(nameOrNumber))
                .mapToInt(port -> port.path("containerPort").asInt()).findFirst()
                .orElseThrow(() -> new AssertionError(name(workload) + " has no port " + nameOrNumber));
    }

    @Override
    public String toString() {
        return overlay;
    }
}
