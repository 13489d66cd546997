package org.postbus.delivery.dsn;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The golden files {@code delivery/dsn/*.eml}. They have LF line ends so that people and version control can read them; the
 * octets have CRLF. After a change on purpose, {@code mvn test -pl delivery-service -am -Dtest=StatusNotificationTest
 * -Dsurefire.failIfNoSpecifiedTests=false -Ddsn.golden=write} writes them anew, and the diff shows what people will read.
 */
final class Golden {

    private static final Path FOLDER = Path.of("src", "test", "resources", "delivery", "dsn");

    private Golden() {
    }

    static void check(String name, byte[] actual) throws IOException {
        String text = new String(actual, StandardCharsets.ISO_8859_1);
        Path file = FOLDER.resolve(name + ".eml");
        if (System.getProperty("dsn.golden", "").equals("write")) {
            Files.writeString(file, text.replace("\r\n", "\n"), StandardCharsets.ISO_8859_1);
        }
        String expected = Files.exists(file) ? Files.readString(file, StandardCharsets.ISO_8859_1) : "";
        assertEquals(expected.replace("\n", "\r\n"), text, file + " differs; to write it anew: -Ddsn.golden=write");
    }
}
