package org.postbus.pop3gateway;

import io.quarkus.tls.TlsConfiguration;
import io.quarkus.tls.TlsConfigurationRegistry;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.PfxOptions;
import io.vertx.core.net.SSLOptions;
import io.vertx.core.net.TrustOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.security.KeyStore;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.postbus.protocol.tls.TestCertificate;

/** A registry whose every name has the same self-signed certificate. */
final class OneCertificate implements TlsConfigurationRegistry {

    private static final TestCertificate MADE = make();

    private static TestCertificate make() {
        try {
            return TestCertificate.make(Files.createTempDirectory("pop3-gateway-test"), "pop3.example");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Optional<TlsConfiguration> get(String name) {
        return Optional.of(new Configuration());
    }

    @Override
    public Optional<TlsConfiguration> getDefault() {
        return Optional.empty();
    }

    @Override
    public void register(String name, TlsConfiguration configuration) {
        throw new UnsupportedOperationException();
    }

    /** As much of one as the gateway asks for. */
    private static final class Configuration implements TlsConfiguration {

        @Override
        public KeyCertOptions getKeyStoreOptions() {
            return new PfxOptions().setPath(MADE.store().toString()).setPassword(MADE.password());
        }

        @Override
        public KeyStore getKeyStore() {
            throw new UnsupportedOperationException();
        }

        @Override
        public KeyStore getTrustStore() {
            throw new UnsupportedOperationException();
        }

        @Override
        public TrustOptions getTrustStoreOptions() {
            throw new UnsupportedOperationException();
        }

        @Override
        public SSLOptions getSSLOptions() {
            throw new UnsupportedOperationException();
        }

        @Override
        public SSLContext createSSLContext() {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean isTrustAll() {
            return false;
        }

        @Override
        public Optional<String> getHostnameVerificationAlgorithm() {
            return Optional.empty();
        }

        @Override
        public boolean usesSni() {
            return false;
        }

        @Override
        public boolean reload() {
            return false;
        }
    }
}
