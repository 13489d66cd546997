package org.postbus.mailbox.config;

import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import jakarta.interceptor.Interceptor;
import java.nio.file.Path;
import java.util.Optional;
import org.postbus.rest.TokenConfig;
import org.postbus.rest.Tokens;

/** What has no default: without its two tokens nobody could ask this service for anything. */
@Singleton
class RequiredSettings {

    void check(@Observes @Priority(Interceptor.Priority.PLATFORM_BEFORE) StartupEvent event, TokenConfig tokens) {
        require("postbus.admin-token-file", tokens.adminTokenFile());
        require("postbus.internal-token-file", tokens.internalTokenFile());
    }

    private static void require(String key, Optional<Path> file) {
        if (file.isEmpty()) {
            throw new ConfigurationException(
                    key + " is not set: name a file that holds a token of at least " + Tokens.MIN_LENGTH + " characters");
        }
    }
}
