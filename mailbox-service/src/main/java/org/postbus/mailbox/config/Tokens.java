package org.postbus.mailbox.config;

import io.quarkus.runtime.Startup;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Optional;

/** The two bearer tokens, read once at start; without them the service refuses to start. */
@Startup
@ApplicationScoped
public class Tokens {

    /** Characters of the shortest token that is taken: 128 bits in hexadecimal. */
    static final int MIN_LENGTH = 32;

    private byte[] admin;
    private byte[] internal;

    /** For the client proxy. */
    Tokens() {
    }

    @Inject
    public Tokens(PlatformConfig config) {
        this(config.adminTokenFile(), config.internalTokenFile());
    }

    Tokens(Optional<Path> adminFile, Optional<Path> internalFile) {
        admin = read("postbus.admin-token-file", adminFile);
        internal = read("postbus.internal-token-file", internalFile);
    }

    /** Whether a request bears the token of the REST admin API. */
    public boolean isAdmin(Optional<String> token) {
        return matches(admin, token);
    }

    /** Whether a request bears the token of the gateways. */
    public boolean isInternal(Optional<String> token) {
        return matches(internal, token);
    }

    private static boolean matches(byte[] expected, Optional<String> token) {
        return token.map(t -> MessageDigest.isEqual(expected, t.getBytes(StandardCharsets.UTF_8))).orElse(false);
    }

    private static byte[] read(String key, Optional<Path> file) {
        Path path = file.orElseThrow(() -> new ConfigurationException(
                key + " is not set: name a file that holds a token of at least " + MIN_LENGTH + " characters"));
        try {
            String token = Files.readString(path, StandardCharsets.UTF_8).strip();
            if (token.length() < MIN_LENGTH) {
                throw new ConfigurationException(
                        key + ": the token in " + path + " is shorter than " + MIN_LENGTH + " characters");
            }
            return token.getBytes(StandardCharsets.UTF_8);
        } catch (IOException e) {
            // Without its cause: a start-up that fails by configuration is one line, not a stack trace.
            throw new ConfigurationException(key + ": cannot read " + path + " (" + e.getClass().getSimpleName() + ")");
        }
    }
}
