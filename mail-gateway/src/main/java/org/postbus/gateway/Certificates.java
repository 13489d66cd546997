package org.postbus.gateway;

import io.vertx.core.Vertx;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.NetServerOptions;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.X509KeyManager;

/**
 * What a gateway proves its names with, to be replaced while it runs: a handshake uses the certificates that are there
 * when it begins, sessions that are open go on with theirs. Safe for all threads.
 *
 * <p>The replacing is not left to Vert.x's {@code updateSSLOptions}: while that reads the new keys, every connection fails
 * (4.5.27).
 */
public final class Certificates {

    /** How long a client may take for the handshake. */
    public static final Duration HANDSHAKE_WITHIN = Duration.ofSeconds(10);

    /** RFC 8996: nothing below 1.2. */
    private static final List<String> VERSIONS = List.of("TLSv1.3", "TLSv1.2");

    private final Vertx vertx;
    private final ServerKeys keys;

    /**
     * @param keys certificates with their keys
     * @throws IllegalArgumentException where they cannot be read
     */
    public Certificates(Vertx vertx, KeyCertOptions keys) {
        this.vertx = vertx;
        this.keys = new ServerKeys(read(keys));
    }

    /**
     * From now on a handshake uses others.
     *
     * @throws IllegalArgumentException where they cannot be read; then nothing changes
     */
    public void renew(KeyCertOptions others) {
        keys.renew(read(others));
    }

    void applyTo(NetServerOptions options) {
        options.setKeyCertOptions(KeyCertOptions.wrap(keys));
        options.setEnabledSecureTransportProtocols(new LinkedHashSet<>(VERSIONS));
        options.setSslHandshakeTimeout(HANDSHAKE_WITHIN.toMillis());
        options.setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS);
    }

    private X509KeyManager read(KeyCertOptions options) {
        try {
            return Stream.of(options.getKeyManagerFactory(vertx).getKeyManagers())
                    .filter(X509KeyManager.class::isInstance).map(X509KeyManager.class::cast).findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("no keys"));
        } catch (IllegalArgumentException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }
}
