package org.postbus.systemtest.images;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.postbus.systemtest.ServiceProcess;

/**
 * Runs an unpacked image as a process of this machine, with its JDK: no container, but the memory that the manifest gives it and,
 * where this is root, its user, who can write to none of its files.
 */
record Container(UnpackedImage image, Path mounts, Path folder) {

    private static final boolean ROOT = System.getProperty("user.name").equals("root") && Files.isExecutable(Path.of("/usr/bin/setpriv"));

    /**
     * Starts without waiting.
     *
     * @param rest       where it serves REST
     * @param management where it serves health and metrics
     */
    ServiceProcess start(Deployment deployment, URI rest, URI management) throws IOException {
        List<String> command = new ArrayList<>();
        assertEquals(image.user(), deployment.user());
        if (ROOT) {
            String[] ids = deployment.user().split(":");
            command.addAll(List.of("setpriv", "--reuid=" + ids[0], "--regid=" + ids[1], "--clear-groups", "--no-new-privs"));
        }
        command.addAll(List.of(System.getProperty("java.home") + "/bin/java", "-XX:MaxRAM=" + deployment.memory().replace("i", "")));
        image.entrypoint().stream().skip(1).map(this::here).forEach(command::add);
        command.addAll(deployment.arguments());
        ProcessBuilder builder = new ProcessBuilder(command).directory(image.root().resolve(image.workingFolder().substring(1)).toFile());
        builder.environment().clear();
        builder.environment().put("PATH", "/usr/bin:/bin");
        builder.environment().putAll(image.environment());
        deployment.environment().forEach((name, value) -> builder.environment().put(name, here(value)));
        return ServiceProcess.start(deployment.name(), builder, rest, management, folder.resolve(deployment.name() + ".log"));
    }

    /** Where a path of the container is here. */
    private String here(String text) {
        if (text.startsWith(Deployment.CLUSTER)) {
            return mounts.resolve(text.substring(Deployment.CLUSTER.length())).toString();
        }
        return text.startsWith("/app/") ? image.root() + text : text;
    }
}
