package org.postbus.gateway;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.TrustOptions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Optional;

/**
 * Where mailbox-service answers, and what one has to know of each other.
 *
 * @param url         {@code http://localhost:8080} or, under TLS, {@code https://mailbox-service:8443}
 * @param token       the bearer token, by which it knows us
 * @param authorities who may have signed its certificate; without them those that the JVM trusts
 */
public record InternalApi(URI url, String token, Optional<TrustOptions> authorities) {

    /**
     * @param url       setting {@code postbus.internal-url}
     * @param tokenFile setting {@code postbus.internal-token-file}
     * @param caFile    setting {@code postbus.internal-ca-file}
     * @throws IllegalArgumentException where that cannot be used: the message begins with the setting's name
     */
    public static InternalApi of(URI url, Optional<Path> tokenFile, Optional<Path> caFile) {
        Path token = tokenFile.orElseThrow(() -> new IllegalArgumentException(
                "postbus.internal-token-file is not set: name the file that holds mailbox-service's internal token"));
        InternalApi api = new InternalApi(url, readToken(token), caFile.map(InternalApi::readAuthorities));
        if (caFile.isPresent() && !api.isEncrypted()) {
            throw new IllegalArgumentException("postbus.internal-ca-file is set, and postbus.internal-url is not https: " + url);
        }
        return api;
    }

    boolean isEncrypted() {
        return "https".equals(url.getScheme());
    }

    /** The first line: the others are those that mailbox-service takes, too, while one follows another. */
    private static String readToken(Path file) {
        try {
            return Files.readString(file).lines().map(String::strip).filter(line -> !line.isEmpty()).findFirst()
                    .orElseThrow(() -> new IOException("it holds no token"));
        } catch (IOException e) {
            throw new IllegalArgumentException("postbus.internal-token-file: cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    private static TrustOptions readAuthorities(Path file) {
        try {
            byte[] pem = Files.readAllBytes(file);
            if (CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(pem)).isEmpty()) {
                throw new CertificateException("it holds no certificate");
            }
            return new PemTrustOptions().addCertValue(Buffer.buffer(pem));
        } catch (IOException | CertificateException e) {
            throw new IllegalArgumentException("postbus.internal-ca-file: cannot read " + file + ": " + e.getMessage(), e);
        }
    }
}
