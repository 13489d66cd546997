package org.postbus.gateway;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509KeyManager;

/**
 * Chooses among a server's certificates by the name in the client's hello (RFC 6066, section 3), anew at each handshake: names
 * that a client makes up are kept nowhere. Without a match it is the first.
 */
final class ServerKeys extends X509ExtendedKeyManager {

    private static final int DNS_NAME = 2;

    /** A handshake asks three times: the aliases say of which keys it spoke first. */
    private record Generation(long number, X509KeyManager keys) {

        String alias(String name) {
            return number + "/" + name;
        }
    }

    private volatile List<Generation> generations;

    ServerKeys(X509KeyManager keys) {
        generations = List.of(new Generation(0, keys));
    }

    void renew(X509KeyManager keys) {
        Generation before = generations.getFirst();
        generations = List.of(new Generation(before.number() + 1, keys), before);
    }

    @Override
    public String chooseEngineServerAlias(String keyType, Principal[] issuers, SSLEngine engine) {
        Generation now = generations.getFirst();
        String[] names = now.keys().getServerAliases(keyType, issuers);
        if (names == null) {
            return null;
        }
        Optional<String> asked = engine.getHandshakeSession() instanceof ExtendedSSLSession session
                ? session.getRequestedServerNames().stream().filter(SNIHostName.class::isInstance)
                        .map(name -> ((SNIHostName) name).getAsciiName()).findFirst()
                : Optional.empty();
        String chosen = asked.flatMap(host -> Stream.of(names)
                .filter(name -> isFor(host, now.keys().getCertificateChain(name)[0])).findFirst()).orElse(names[0]);
        return now.alias(chosen);
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
        return find(alias).map(generation -> generation.keys().getCertificateChain(name(alias))).orElse(null);
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
        return find(alias).map(generation -> generation.keys().getPrivateKey(name(alias))).orElse(null);
    }

    @Override
    public String[] getServerAliases(String keyType, Principal[] issuers) {
        Generation now = generations.getFirst();
        String[] names = now.keys().getServerAliases(keyType, issuers);
        return names == null ? null : Stream.of(names).map(now::alias).toArray(String[]::new);
    }

    @Override
    public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
        String[] aliases = getServerAliases(keyType, issuers);
        return aliases == null ? null : aliases[0];
    }

    @Override
    public String[] getClientAliases(String keyType, Principal[] issuers) {
        return null;
    }

    @Override
    public String chooseClientAlias(String[] keyTypes, Principal[] issuers, Socket socket) {
        return null;
    }

    private Optional<Generation> find(String alias) {
        return generations.stream().filter(generation -> alias.startsWith(generation.alias(""))).findFirst();
    }

    private static String name(String alias) {
        return alias.substring(alias.indexOf('/') + 1);
    }

    /** By its dNSNames; {@code *} stands for one label (RFC 9525, section 6.3). */
    private static boolean isFor(String host, X509Certificate certificate) {
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            return names != null && names.stream().filter(name -> name.get(0).equals(DNS_NAME))
                    .anyMatch(name -> matches(host, (String) name.get(1)));
        } catch (CertificateParsingException e) {
            return false;
        }
    }

    private static boolean matches(String host, String name) {
        int dot = host.indexOf('.');
        return name.equalsIgnoreCase(host) || name.startsWith("*.") && dot > 0 && name.substring(1).equalsIgnoreCase(host.substring(dot));
    }
}
