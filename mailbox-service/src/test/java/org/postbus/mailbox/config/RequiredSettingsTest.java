package org.postbus.mailbox.config;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.ConfigurationException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.postbus.rest.TokenConfig;

class RequiredSettingsTest {

    private static final Optional<Path> FILE = Optional.of(Path.of("token"));
    private static final Optional<Path> NONE = Optional.empty();

    @Test
    void namesTheTokenThatIsMissing() {
        assertEquals("postbus.admin-token-file is not set: name a file that holds a token of at least 32 characters",
                refusal(new Given(NONE, FILE)));
        assertEquals("postbus.internal-token-file is not set: name a file that holds a token of at least 32 characters",
                refusal(new Given(FILE, NONE)));
        assertDoesNotThrow(() -> check(new Given(FILE, FILE)));
    }

    private static String refusal(TokenConfig tokens) {
        return assertThrows(ConfigurationException.class, () -> check(tokens)).getMessage();
    }

    private static void check(TokenConfig tokens) {
        new RequiredSettings().check(new StartupEvent(), tokens);
    }

    private record Given(Optional<Path> adminTokenFile, Optional<Path> internalTokenFile) implements TokenConfig {
    }
}
