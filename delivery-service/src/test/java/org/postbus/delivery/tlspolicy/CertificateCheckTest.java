package org.postbus.delivery.tlspolicy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509ExtendedTrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postbus.protocol.tls.TestCertificate;

@Timeout(60)
class CertificateCheckTest {

    private static final TlsPolicy VERIFIED = new TlsPolicy.Verified(TlsPolicy.Source.MTA_STS);

    @TempDir
    static Path folder;
    private static KeyStore keys;
    private static SSLContext context;
    private SSLServerSocket server;
    private final CompletableFuture<List<SNIServerName>> asked = new CompletableFuture<>();

    @BeforeAll
    static void makeCertificate() throws Exception {
        TestCertificate certificate = TestCertificate.make(folder, "mx.example.org");
        keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(certificate.store())) {
            keys.load(in, certificate.password().toCharArray());
        }
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, certificate.password().toCharArray());
        context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
    }

    @BeforeEach
    void start() throws IOException {
        server = (SSLServerSocket) context.getServerSocketFactory().createServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::serve);
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    private void serve() {
        try (SSLSocket socket = (SSLSocket) server.accept()) {
            socket.startHandshake();
            asked.complete(((ExtendedSSLSession) socket.getSession()).getRequestedServerNames());
            socket.getOutputStream().write('!');
        } catch (IOException e) {
            asked.completeExceptionally(e);
        }
    }

    @Test
    void a_trusted_certificate_of_the_host_passes_and_the_host_is_asked_for() throws Exception {
        CertificateCheck check = new CertificateCheck(VERIFIED, trusting());
        connect(check, "mx.example.org");
        assertEquals(Optional.empty(), check.fault());
        assertEquals(List.of(new SNIHostName("mx.example.org")), asked.get());
    }

    @ParameterizedTest
    @CsvSource({"mx.example.net", "example.org", "a.mx.example.org", "127.0.0.1"})
    void a_certificate_of_another_host_does_not(String host) {
        CertificateCheck check = new CertificateCheck(VERIFIED, trusting());
        assertThrows(SSLException.class, () -> connect(check, host));
        assertTrue(check.fault().isPresent());
    }

    @Test
    void a_certificate_that_nobody_vouches_for_does_not() {
        assertThrows(SSLException.class, () -> connect(new CertificateCheck(VERIFIED), "mx.example.org"));
    }

    @Test
    void any_certificate_passes_where_the_policy_does_not_verify_and_its_fault_is_known() throws Exception {
        CertificateCheck untrusted = new CertificateCheck(new TlsPolicy.Opportunistic(true));
        connect(untrusted, "mx.example.org");
        assertTrue(untrusted.fault().isPresent());
    }

    @Test
    void a_wrong_name_is_a_fault_too() throws Exception {
        CertificateCheck misnamed = new CertificateCheck(new TlsPolicy.Required(), trusting());
        connect(misnamed, "mx.example.net");
        assertTrue(misnamed.fault().orElseThrow().contains("mx.example.net"), misnamed.fault()::toString);
    }

    private static X509ExtendedTrustManager trusting() {
        return CertificateCheck.trust(Optional.of(keys));
    }

    private void connect(CertificateCheck check, String host) throws IOException {
        try (Socket plain = new Socket(InetAddress.getLoopbackAddress(), server.getLocalPort());
                SSLSocket secure = check.over(plain, host)) {
            secure.startHandshake();
            assertEquals('!', secure.getInputStream().read());
        }
    }
}
