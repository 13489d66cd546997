package org.postbus.delivery.tlspolicy;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Judges the certificate of one connection: whether the trust store knows its issuer, whether it is of today and whether it names
 * the host (RFC 6125; by the JDK's rules for HTTPS). Under a policy that does not verify it lets every certificate pass and
 * remembers what was wrong. One connection, one check; not for several threads.
 */
public final class CertificateCheck extends X509ExtendedTrustManager {

    private static final String[] VERSIONS = {"TLSv1.3", "TLSv1.2"};

    /** The trust store of the JVM, read once. */
    private static final class Jvm {
        static final X509ExtendedTrustManager TRUST = trust(Optional.empty());
    }

    private final TlsPolicy policy;
    private final X509ExtendedTrustManager trust;
    private volatile Optional<String> fault = Optional.empty();

    /** By the trust store of the JVM. */
    public CertificateCheck(TlsPolicy policy) {
        this(policy, Jvm.TRUST);
    }

    public CertificateCheck(TlsPolicy policy, X509ExtendedTrustManager trust) {
        this.policy = policy;
        this.trust = trust;
    }

    /** What trusts the certificates of a store; of the JVM's where there is none. */
    public static X509ExtendedTrustManager trust(Optional<KeyStore> store) {
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(store.orElse(null));
            return Arrays.stream(factory.getTrustManagers()).filter(X509ExtendedTrustManager.class::isInstance)
                    .map(X509ExtendedTrustManager.class::cast).findFirst().orElseThrow();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("no trust store", e);
        }
    }

    /**
     * Puts TLS 1.2 or 1.3 over a connection, with the host's name as SNI. The handshake is the caller's: it fails where the policy
     * verifies and the certificate is not good enough.
     */
    public SSLSocket over(Socket plain, String host) throws IOException {
        SSLSocket secure = (SSLSocket) context().getSocketFactory().createSocket(plain, host, plain.getPort(), true);
        SSLParameters parameters = secure.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        parameters.setProtocols(VERSIONS);
        secure.setSSLParameters(parameters);
        return secure;
    }

    /** After the handshake: what was wrong with a certificate that was let pass. Printable ASCII. */
    public Optional<String> fault() {
        return fault;
    }

    private SSLContext context() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {this}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("no TLS", e);
        }
    }

    private interface Judgement {
        void pass() throws CertificateException;
    }

    private void judge(Judgement judgement) throws CertificateException {
        try {
            judgement.pass();
        } catch (CertificateException e) {
            fault = Optional.of(String.valueOf(e.getMessage()).replaceAll("[^ -~]", "?"));
            if (policy.mustVerify()) {
                throw e;
            }
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket) throws CertificateException {
        judge(() -> trust.checkServerTrusted(chain, authType, socket));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine) throws CertificateException {
        judge(() -> trust.checkServerTrusted(chain, authType, engine));
    }

    /** Without the connection nobody knows the host, and without the host no certificate is good. */
    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw new CertificateException("whose certificate?");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw new CertificateException("clients are not judged here");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) throws CertificateException {
        checkClientTrusted(chain, authType);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) throws CertificateException {
        checkClientTrusted(chain, authType);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return trust.getAcceptedIssuers();
    }
}
