package org.postbus.standalone;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Makes tls/certificate.pem and tls/key.pem once, by the JDK's keytool: the JDK has no public API for it. */
final class SelfSignedCertificate {

    private static final String ALIAS = "postbus";
    private static final Base64.Encoder PEM = Base64.getMimeEncoder(64, new byte[] {'\n'});

    private SelfSignedCertificate() {}

    static void makeUnlessPresent(DataFolder data, String hostname) {
        if (Files.exists(data.path("tls/certificate.pem"))) {
            return;
        }
        Path keystore = data.path("tls/keystore.unfinished");
        String password = DataFolder.newSecret();
        try {
            Files.createDirectories(keystore.getParent());
            Files.deleteIfExists(keystore);
            runKeytool(keystore, password, hostname);
            writePem(data, keystore, password);
            Files.delete(keystore);
        } catch (IOException | GeneralSecurityException e) {
            throw new Refusal("the self-signed certificate cannot be made: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Refusal("interrupted", e);
        }
    }

    private static void runKeytool(Path keystore, String password, String hostname) throws IOException, InterruptedException {
        ProcessBuilder keytool = new ProcessBuilder(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair", "-alias", ALIAS, "-keyalg", "EC", "-groupname", "secp256r1", "-validity", "3650",
                "-dname", "CN=" + hostname, "-ext", "san=dns:" + hostname + ",dns:localhost,ip:127.0.0.1",
                "-storetype", "PKCS12", "-keystore", keystore.toString(), "-storepass:env", "STORE_PASSWORD"));
        keytool.environment().put("STORE_PASSWORD", password);
        Process process = keytool.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new IOException("keytool failed");
        }
    }

    /** The key first: the certificate's presence says that both are there. */
    private static void writePem(DataFolder data, Path keystore, String password)
            throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(keystore.toFile(), password.toCharArray());
        data.write("tls/key.pem", pem("PRIVATE KEY", store.getKey(ALIAS, password.toCharArray()).getEncoded()));
        data.write("tls/certificate.pem", pem("CERTIFICATE", store.getCertificate(ALIAS).getEncoded()));
    }

    private static String pem(String type, byte[] der) {
        return "-----BEGIN " + type + "-----\n" + PEM.encodeToString(der) + "\n-----END " + type + "-----";
    }
}
