package org.postbus.protocol.tls;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
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
