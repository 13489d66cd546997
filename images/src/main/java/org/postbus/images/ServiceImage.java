package org.postbus.images;

import com.google.cloud.tools.jib.api.Containerizer;
import com.google.cloud.tools.jib.api.JibContainer;
import com.google.cloud.tools.jib.api.LogEvent;
import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import com.google.cloud.tools.jib.api.buildplan.FileEntriesLayer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A service as an image. Everything is below {@code /app}, owned by root and written by nobody; the process is user 65532 and
 * writes to {@code /tmp} alone. The same files make the same image to the octet: times, owners, modes and order are fixed.
 *
 * @param service for example {@code smtp-gateway}
 * @param application what its build left: the folder with {@code quarkus-run.jar}
 */
public record ServiceImage(String service, Path application) {

    /** Those that a cluster runs. */
    public static final List<String> SERVICES = List.of("smtp-gateway", "pop3-gateway", "delivery-service", "mailbox-service");

    /** Nobody's, as others call it {@code nonroot}; user and group. */
    static final String USER = "65532:65532";

    private static final AbsoluteUnixPath APP = AbsoluteUnixPath.get("/app");
    private static final String JAR = "quarkus-run.jar";
    /** Out of memory ends the process rather than leave it half alive. The rest are accesses that Netty and Kafka need. */
    private static final List<String> ENTRYPOINT = List.of("java", "-XX:+ExitOnOutOfMemoryError",
            "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow", "-jar", "/app/" + JAR);
    /** A default that a Deployment replaces: java reads it before its command line. As much again may be direct memory. */
    private static final Map<String, String> ENVIRONMENT = Map.of("JDK_JAVA_OPTIONS", "-XX:MaxRAMPercentage=45");

    /** One of the services in a source tree that is built. */
    public static ServiceImage of(Path root, String service) {
        return new ServiceImage(service, root.resolve(service).resolve("target/quarkus-app"));
    }

    /**
     * Builds it and puts it there.
     *
     * @param cache a folder for layers: who builds again pushes only what changed
     * @return the digest, {@code sha256:…}
     * @throws IOException where the application or the base cannot be read, or the registry does not take it
     */
    public String build(Base base, Destination destination, String tag, Path cache, Consumer<String> progress)
            throws IOException, InterruptedException {
        if (!Files.exists(application.resolve(JAR))) {
            throw new IOException(service + " is not built: no " + application.resolve(JAR));
        }
        Containerizer place = destination.place(service, tag)
                .setBaseImageLayersCache(cache.resolve("base"))
                .setApplicationLayersCache(cache.resolve("application"))
                .setToolName("postbus")
                .addEventHandler(LogEvent.class, event -> tell(event, progress));
        try {
            JibContainer image = base.builder()
                    .setFileEntriesLayers(List.of(layer("libraries", this::isLibrary), layer("service", file -> !isLibrary(file))))
                    .setEntrypoint(ENTRYPOINT).setEnvironment(ENVIRONMENT)
                    .setUser(USER).setWorkingDirectory(APP)
                    .addLabel("org.opencontainers.image.title", "postbus " + service)
                    .addLabel("org.opencontainers.image.licenses", "Apache-2.0")
                    .containerize(place);
            return image.getDigest().toString();
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(service + ": " + e.getMessage(), e);
        }
    }

    /** What others made changes less often than what we do, and is most of it. */
    private boolean isLibrary(Path file) {
        return file.startsWith(application.resolve("lib")) && !file.getFileName().toString().startsWith("org.postbus.");
    }

    private FileEntriesLayer layer(String name, Predicate<Path> chosen) throws IOException {
        FileEntriesLayer.Builder layer = FileEntriesLayer.builder().setName(name);
        try (Stream<Path> files = Files.walk(application)) {
            files.filter(Files::isRegularFile).filter(chosen).sorted()
                    .forEach(file -> layer.addEntry(file, APP.resolve(application.relativize(file))));
        }
        return layer.build();
    }

    private static void tell(LogEvent event, Consumer<String> progress) {
        switch (event.getLevel()) {
            case ERROR, WARN -> progress.accept(event.getMessage());
            case LIFECYCLE, PROGRESS, INFO, DEBUG -> { }
        }
    }
}
