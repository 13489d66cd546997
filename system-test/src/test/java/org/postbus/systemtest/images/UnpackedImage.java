package org.postbus.systemtest.images;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.postbus.systemtest.Launcher;

/**
 * An image's files in a folder, layer over layer, and what it says of its process.
 *
 * @param root what the process would see as {@code /}
 * @param user number of user and group
 */
record UnpackedImage(Path root, List<String> entrypoint, Map<String, String> environment, String user, String workingFolder) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** @param tar as {@code docker save} writes it */
    static UnpackedImage of(Path tar, Path folder) throws IOException {
        Path parts = Files.createDirectories(folder.resolve("parts"));
        Path root = Files.createDirectories(folder.resolve("root"));
        run("tar", "-xf", tar.toString(), "-C", parts.toString());
        JsonNode manifest = JSON.readTree(parts.resolve("manifest.json").toFile()).get(0);
        for (JsonNode layer : manifest.get("Layers")) {
            run("tar", "-xpzf", parts.resolve(layer.asText()).toString(), "-C", root.toString());
        }
        JsonNode config = JSON.readTree(parts.resolve(manifest.get("Config").asText()).toFile()).get("config");
        return new UnpackedImage(root, texts(config.get("Entrypoint")), variables(config.get("Env")),
                config.get("User").asText(), config.get("WorkingDir").asText());
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(text -> texts.add(text.asText()));
        return texts;
    }

    private static Map<String, String> variables(JsonNode array) {
        Map<String, String> variables = new LinkedHashMap<>();
        texts(array).forEach(text -> variables.put(text.split("=", 2)[0], text.split("=", 2)[1]));
        return variables;
    }

    private static void run(String... command) {
        Launcher.Result result = Launcher.run(List.of(command));
        if (result.status() != 0) {
            throw new AssertionError(String.join(" ", command) + ": " + result.output());
        }
    }
}
