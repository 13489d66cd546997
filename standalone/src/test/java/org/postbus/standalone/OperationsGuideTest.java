package org.postbus.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jboss.jandex.DotName;
import org.jboss.jandex.IndexReader;
import org.junit.jupiter.api.Test;

/** The settings that docs/operations.md names are those that the services have, with the same defaults. */
class OperationsGuideTest {

    private static final Pattern ROW = Pattern.compile("(?m)^\\| `((?:postbus|smtp|pop3|delivery|mailbox)\\.[a-z.-]+)` \\| (?:`([^`]*)`)?");

    @Test
    void every_setting_is_documented_with_its_default_and_none_is_invented() throws Exception {
        Map<String, Optional<String>> documented = new TreeMap<>();
        ROW.matcher(Files.readString(Path.of("../docs/operations.md"))).results()
                .forEach(row -> documented.put(row.group(1), Optional.ofNullable(row.group(2))));
        Map<String, Optional<String>> real = settings();
        assertTrue(real.size() > 40, () -> "only " + real.keySet());
        assertEquals(lines(real), lines(documented));
    }

    private static String lines(Map<String, Optional<String>> settings) {
        StringBuilder lines = new StringBuilder();
        settings.forEach((key, value) -> lines.append(key).append(" = ").append(value.orElse("-")).append('\n'));
        return lines.toString();
    }

    /** From the Jandex indexes of the service jars on the class path. */
    private static Map<String, Optional<String>> settings() throws Exception {
        Map<String, Optional<String>> settings = new TreeMap<>();
        var indexes = OperationsGuideTest.class.getClassLoader().getResources("META-INF/jandex.idx");
        while (indexes.hasMoreElements()) {
            try (var in = indexes.nextElement().openStream()) {
                var index = new IndexReader(in).read();
                for (var found : index.getAnnotations(DotName.createSimple(ConfigMapping.class))) {
                    String name = found.target().asClass().name().toString();
                    if (name.startsWith("org.postbus.")) {
                        collect(found.value("prefix").asString(), Class.forName(name), settings);
                    }
                }
            }
        }
        return settings;
    }

    private static void collect(String prefix, Class<?> group, Map<String, Optional<String>> settings) {
        Stream.of(group.getDeclaredMethods()).filter(method -> !method.isSynthetic()).forEach(method -> {
            String key = prefix + "." + kebab(method.getName());
            if (method.getReturnType().isInterface() && method.getReturnType().getName().startsWith("org.postbus.")) {
                collect(key, method.getReturnType(), settings);
            } else {
                settings.put(key, defaultOf(method));
            }
        });
    }

    private static Optional<String> defaultOf(Method method) {
        return Optional.ofNullable(method.getAnnotation(WithDefault.class)).map(WithDefault::value);
    }

    private static String kebab(String name) {
        return name.replaceAll("([a-z0-9])([A-Z])", "$1-$2").toLowerCase();
    }
}
