package org.postbus.systemtest.images;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.postbus.systemtest.SourceTree;

/** The manifests of an overlay, rendered: what the containers of a cluster are started with. */
record Overlay(List<JsonNode> manifests) {

    private static final YAMLMapper YAML = new YAMLMapper();

    /** That for production; or {@code -Dpostbus.images.overlay=dev}. */
    static Overlay chosen() {
        String name = System.getProperty("postbus.images.overlay", "production");
        return read(SourceTree.root().resolve("k8s/overlays/" + name + "/rendered.yaml"));
    }

    private static Overlay read(Path rendered) {
        try (var documents = YAML.readerFor(JsonNode.class).<JsonNode>readValues(Files.newBufferedReader(rendered))) {
            return new Overlay(documents.readAll().stream().filter(JsonNode::isObject).toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Deployment deployment(String service) {
        return container(manifests("Deployment").filter(manifest -> name(manifest).equals(service)).findFirst().orElseThrow());
    }

    /** The Job that migrates its schema. */
    Deployment migration(String service) {
        return container(manifests("Job").filter(manifest -> name(manifest).startsWith(service.replace("-service", "-migration")))
                .findFirst().orElseThrow());
    }

    private Deployment container(JsonNode manifest) {
        JsonNode container = manifest.at("/spec/template/spec/containers/0");
        Map<String, String> environment = new HashMap<>();
        for (JsonNode source : container.path("envFrom")) {
            JsonNode data = data("ConfigMap", source.at("/configMapRef/name").asText());
            data.fieldNames().forEachRemaining(key -> environment.put(key, data.get(key).asText()));
        }
        for (JsonNode variable : container.path("env")) {
            environment.put(variable.get("name").asText(), value(variable));
        }
        return new Deployment(name(manifest), environment, texts(container.path("args")),
                stream(container.path("volumeMounts")).map(mount -> mount.get("mountPath").asText()).toList(),
                container.at("/resources/limits/memory").asText(), user(manifest.at("/spec/template/spec/securityContext")));
    }

    /** Of Secrets that somebody else makes nothing is known. */
    private String value(JsonNode variable) {
        JsonNode reference = variable.at("/valueFrom/secretKeyRef");
        if (reference.isMissingNode()) {
            return variable.path("value").asText();
        }
        String encoded = data("Secret", reference.get("name").asText()).path(reference.get("key").asText()).asText();
        return new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
    }

    private static String user(JsonNode security) {
        return security.get("runAsUser").asText() + ":" + security.get("runAsGroup").asText();
    }

    private JsonNode data(String kind, String name) {
        return manifests(kind).filter(manifest -> name(manifest).equals(name)).findFirst()
                .map(manifest -> manifest.path("data")).orElseGet(YAML::missingNode);
    }

    private Stream<JsonNode> manifests(String kind) {
        return manifests.stream().filter(manifest -> manifest.path("kind").asText().equals(kind));
    }

    private static String name(JsonNode manifest) {
        return manifest.at("/metadata/name").asText();
    }

    private static List<String> texts(JsonNode array) {
        return stream(array).map(JsonNode::asText).toList();
    }

    private static Stream<JsonNode> stream(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }
}
