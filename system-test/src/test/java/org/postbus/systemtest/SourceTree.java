package org.postbus.systemtest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;

/** Where everything is that was built, whatever folder this process was started in. */
public final class SourceTree {

    private static final Path MODULE = module();

    private SourceTree() {}

    /** The top, where the launcher is. */
    public static Path root() {
        return MODULE.getParent();
    }

    /** A file of this module. */
    public static Path systemTest(String path) {
        return MODULE.resolve(path);
    }

    /** What a service is started from. */
    public static Path jar(String service) {
        return root().resolve(service + "/target/quarkus-app/quarkus-run.jar");
    }

    /** Our classes are in {@code MODULE/target/test-classes}. */
    private static Path module() {
        try {
            URI classes = SourceTree.class.getProtectionDomain().getCodeSource().getLocation().toURI();
            return Path.of(classes).toRealPath().getParent().getParent();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
