package org.postbus.protocol.tls;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.UUID;

/**
 * Certificates that sign themselves, made for one test by the JDK's keytool.
 *
 * @param store    PKCS #12, with the keys
 * @param password of the store and the keys
 */
public record TestCertificate(Path store, String password) {

    /** One for each host name, in the folder. */
    public static TestCertificate make(Path folder, String... hostnames) {
        TestCertificate made = new TestCertificate(folder.resolve(UUID.randomUUID() + ".p12"), UUID.randomUUID().toString());
        for (String hostname : hostnames) {
            made.add(hostname);
        }
        return made;
    }

    /** A PEM file with the certificates alone: for who is to trust them. */
    public Path certificates() {
        return pem("certificates.pem", store -> {
            List<String> blocks = new ArrayList<>();
            for (String alias : Collections.list(store.aliases())) {
                blocks.add(block("CERTIFICATE", store.getCertificate(alias).getEncoded()));
            }
            return String.join("", blocks);
        });
    }

    /** A PEM file with the key of a host name. */
    public Path key(String hostname) {
        return pem("key.pem", store -> block("PRIVATE KEY", store.getKey(hostname, password.toCharArray()).getEncoded()));
    }

    private interface Content {
        String of(KeyStore store) throws GeneralSecurityException;
    }

    private Path pem(String name, Content content) {
        try {
            KeyStore keys = KeyStore.getInstance(store.toFile(), password.toCharArray());
            return Files.writeString(Path.of(store + "." + name), content.of(keys));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String block(String kind, byte[] octets) {
        String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(octets);
        return "-----BEGIN " + kind + "-----\n" + text + "\n-----END " + kind + "-----\n";
    }

    private void add(String hostname) {
        ProcessBuilder keytool = new ProcessBuilder(List.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair", "-alias", hostname, "-keyalg", "EC", "-groupname", "secp256r1", "-dname", "CN=" + hostname,
                "-ext", "san=dns:" + hostname, "-storetype", "PKCS12", "-keystore", store.toString(), "-storepass:env", "PASSWORD"));
        keytool.environment().put("PASSWORD", password);
        try {
            if (keytool.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor() != 0) {
                throw new IllegalStateException("keytool failed");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
