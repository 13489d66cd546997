package org.postbus.k8s;

import io.smallrye.config.ConfigMapping;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.jboss.jandex.DotName;
import org.jboss.jandex.IndexReader;

/** The settings that there are, as names of environment variables. */
final class KnownSettings {

    private static final Set<String> OF_THE_JVM = Set.of("JDK_JAVA_OPTIONS");
    private static final Pattern QUARKUS = Pattern.compile("\"environmentVariable\" *: *\"([A-Z0-9_]+)\"");
    /** A name that is free, such as that of a TLS configuration. */
    private static final Pattern FREE = Pattern.compile("__[A-Z0-9]+(_[A-Z0-9]+)*?__");

    private final Set<String> ours;
    private final List<Pattern> quarkus;
    private final Set<String> kafka;

    private KnownSettings(Set<String> ours, List<Pattern> quarkus, Set<String> kafka) {
        this.ours = ours;
        this.quarkus = quarkus;
        this.kafka = kafka;
    }

    static KnownSettings read() {
        Set<String> kafka = Stream.of(ConsumerConfig.configNames(), ProducerConfig.configNames(), AdminClientConfig.configNames())
                .flatMap(Set::stream).map(name -> "KAFKA_" + variable(name)).collect(Collectors.toSet());
        return new KnownSettings(mappings(), models(), kafka);
    }

    boolean has(String variable) {
        return ours.contains(variable) || kafka.contains(variable) || OF_THE_JVM.contains(variable)
                || quarkus.stream().anyMatch(pattern -> pattern.matcher(variable).matches());
    }

    /** Those of the services, by the Jandex indexes of their jars. */
    private static Set<String> mappings() {
        Set<String> names = new TreeSet<>();
        resources("META-INF/jandex.idx").forEach(index -> {
            try (var in = index.openStream()) {
                for (var found : new IndexReader(in).read().getAnnotations(DotName.createSimple(ConfigMapping.class))) {
                    String type = found.target().asClass().name().toString();
                    if (type.startsWith("org.postbus.")) {
                        collect(found.value("prefix").asString(), Class.forName(type), names);
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (ClassNotFoundException e) {
                throw new AssertionError(e);
            }
        });
        return names;
    }

    private static void collect(String prefix, Class<?> group, Set<String> names) {
        for (Method method : group.getDeclaredMethods()) {
            String key = prefix + "." + method.getName().replaceAll("([a-z0-9])([A-Z])", "$1-$2").toLowerCase();
            if (method.getReturnType().isInterface() && method.getReturnType().getName().startsWith("org.postbus.")) {
                collect(key, method.getReturnType(), names);
            } else if (!method.getReturnType().equals(Map.class)) {
                names.add(variable(key));
            }
        }
    }

    /** Those of Quarkus, by the description that each extension brings along. Free names stand between two underscores each. */
    private static List<Pattern> models() {
        return resources("META-INF/quarkus-config-doc/quarkus-config-model.json").flatMap(model -> {
            try (var in = model.openStream()) {
                String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
                return QUARKUS.matcher(text).results().map(found -> found.group(1)).toList().stream();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }).distinct().map(KnownSettings::pattern).toList();
    }

    /** The data sources are named in the services' own properties, so that single underscores do for them. */
    private static Pattern pattern(String variable) {
        return Pattern.compile(FREE.matcher(variable.replace("__DATASOURCE_NAME__", "_(DELIVERY|MAILBOX)_"))
                .replaceAll("__[A-Z0-9]+__"));
    }

    private static String variable(String key) {
        return key.toUpperCase().replaceAll("[^A-Z0-9]", "_");
    }

    private static Stream<URL> resources(String name) {
        try {
            return Collections.list(KnownSettings.class.getClassLoader().getResources(name)).stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
