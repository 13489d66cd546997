package org.postbus.rest;

import io.quarkus.runtime.Startup;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * The two bearer tokens, read once at start. Without a file nobody is let in. A file that cannot be read, or whose token is too
 * short, ends the start.
 */
@Startup
@ApplicationScoped
public class Tokens {

    /** Characters of the shortest token that is taken: 128 bits in hexadecimal. */
    public static final int MIN_LENGTH = 32;

    private static final Logger LOG = Logger.getLogger(Tokens.class);
    private static final String ADMIN_KEY = "postbus.admin-token-file";

    private List<byte[]> admin;
    private List<byte[]> internal;

    /** For the client proxy. */
    Tokens() {
    }

    @Inject
    public Tokens(TokenConfig config) {
        this(config.adminTokenFile(), config.internalTokenFile());
    }

    Tokens(Optional<Path> adminFile, Optional<Path> internalFile) {
        admin = adminFile.map(file -> read(ADMIN_KEY, file)).orElse(List.of());
        internal = internalFile.map(file -> read("postbus.internal-token-file", file)).orElse(List.of());
        if (admin.isEmpty()) {
            LOG.warnf("%s is not set: %s answers 401 to everybody", ADMIN_KEY, RequestGate.ADMIN);
        }
    }

    /** Whether a request bears the token of the REST admin API. */
    public boolean isAdmin(Optional<String> token) {
        return matches(admin, token);
    }

    /** Whether a request bears the token of the gateways. */
    public boolean isInternal(Optional<String> token) {
        return matches(internal, token);
    }

    private static boolean matches(List<byte[]> expected, Optional<String> token) {
        byte[] offered = token.orElse("").getBytes(StandardCharsets.UTF_8);
        return expected.stream().anyMatch(one -> MessageDigest.isEqual(one, offered));
    }

    /** One on each line: so that one can follow another, both are taken for a while. */
    private static List<byte[]> read(String key, Path file) {
        try {
            List<String> tokens = Files.readString(file, StandardCharsets.UTF_8).lines().map(String::strip)
                    .filter(line -> !line.isEmpty()).toList();
            if (tokens.isEmpty() || tokens.stream().anyMatch(token -> token.length() < MIN_LENGTH)) {
                throw new ConfigurationException(
                        key + ": the token in " + file + " is shorter than " + MIN_LENGTH + " characters");
            }
            return tokens.stream().map(token -> token.getBytes(StandardCharsets.UTF_8)).toList();
        } catch (IOException e) {
            // Without its cause: a start-up that fails by configuration is one line, not a stack trace.
            throw new ConfigurationException(key + ": cannot read " + file + " (" + e.getClass().getSimpleName() + ")");
        }
    }
}
