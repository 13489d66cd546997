package org.postbus.rest;

import io.smallrye.config.ConfigMapping;
import java.nio.file.Path;
import java.util.Optional;

/** Where the bearer tokens are. A service that cannot do without one says so at its start. */
@ConfigMapping(prefix = "postbus")
public interface TokenConfig {

    /** File with the bearer token of {@code /api/v1}. */
    Optional<Path> adminTokenFile();

    /** File with the bearer token of {@code /internal/v1}. */
    Optional<Path> internalTokenFile();
}
