package org.postbus.images;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.postbus.protocol.tls.TestCertificate;

/** As much of a registry as a push needs (OCI distribution specification), on loopback, with a certificate that nobody vouches for. */
final class StubRegistry implements AutoCloseable {

    private final Map<String, String> manifests = new ConcurrentHashMap<>();
    private final HttpsServer server;

    StubRegistry(TestCertificate certificate) throws Exception {
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context(certificate)));
        server.createContext("/v2/", this::answer);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
    }

    private static SSLContext context(TestCertificate certificate) throws Exception {
        char[] password = certificate.password().toCharArray();
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(KeyStore.getInstance(certificate.store().toFile(), password), password);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context;
    }

    int port() {
        return server.getAddress().getPort();
    }

    /** The digest of each, by path. */
    Map<String, String> manifests() {
        return manifests;
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            String path = exchange.getRequestURI().getPath();
            switch (exchange.getRequestMethod()) {
                case "POST", "PATCH" -> {
                    exchange.getResponseHeaders().add("Location", "https://localhost:" + port() + "/v2/upload/" + System.nanoTime());
                    exchange.sendResponseHeaders(202, -1);
                }
                case "PUT" -> {
                    if (path.contains("/manifests/")) {
                        manifests.put(path, digest(body));
                        exchange.getResponseHeaders().add("Docker-Content-Digest", digest(body));
                    }
                    exchange.sendResponseHeaders(201, -1);
                }
                case "GET" -> exchange.sendResponseHeaders(path.equals("/v2/") ? 200 : 404, -1);
                default -> exchange.sendResponseHeaders(404, -1);
            }
        }
    }

    private static String digest(byte[] octets) {
        try {
            return "sha256:" + HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(octets));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
