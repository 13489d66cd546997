package org.postbus.systemtest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.StoreScope;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** One platform for every test of this JVM that leaves it running; each test makes its own domain in it. */
public final class SharedPlatform implements ParameterResolver {

    /** With wrong passwords: three in one session would take seven seconds. */
    private static final Map<String, String> PATIENT =
            Map.of("smtp.submission.login-delay", "50ms", "pop3.login-delay", "50ms");

    /** A platform in a folder that goes with it. */
    public record Shared(RunningPlatform platform) implements AutoCloseable {

        /** Starts with configuration of the operator's own. */
        public static Shared start(Map<String, String> configuration) {
            try {
                return new Shared(RunningPlatform.start(Files.createTempDirectory("postbus-system-test-"), configuration));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() throws IOException {
            platform.close();
            try (Stream<Path> files = Files.walk(platform.data())) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext test) {
        return parameter.getParameter().getType() == RunningPlatform.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext test) {
        return test.getStore(StoreScope.LAUNCHER_SESSION, ExtensionContext.Namespace.create(SharedPlatform.class))
                .computeIfAbsent(Shared.class, ignored -> Shared.start(PATIENT), Shared.class)
                .platform();
    }
}
