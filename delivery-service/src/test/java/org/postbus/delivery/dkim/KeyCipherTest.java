package org.postbus.delivery.dkim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.runtime.configuration.ConfigurationException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyCipherTest {

    private static final String SECRET = "0123456789abcdef0123456789abcdef";
    private static final byte[] KEY = Octets.latin1("a private key");

    @TempDir
    Path folder;

    private final KeyCipher cipher = new KeyCipher(SECRET);

    @Test
    void opensWhatItSealed() throws Exception {
        KeyCipher.Sealed sealed = cipher.seal(KEY, "a.test", "s");
        assertArrayEquals(KEY, cipher.open(sealed, "a.test", "s"));
        assertArrayEquals(KEY, KeyCipher.of(Files.writeString(folder.resolve("secret"), SECRET + "\n")).open(sealed, "a.test", "s"));
    }

    /** Keys sealed by one release open in the next. */
    @Test
    void opensWhatWasSealedLongAgo() throws Exception {
        KeyCipher.Sealed sealed = new KeyCipher.Sealed(HexFormat.of().parseHex("000102030405060708090a0b"),
                HexFormat.of().parseHex("e54528976a79c4fae40d1f3fb5d0eb6b98b393392f54ab044b57186ff9"));
        assertArrayEquals(KEY, cipher.open(sealed, "a.test", "s"));
    }

    @Test
    void opensForItsOwnRowAndSecretOnly() throws Exception {
        KeyCipher.Sealed sealed = cipher.seal(KEY, "a.test", "s");
        assertThrows(GeneralSecurityException.class, () -> cipher.open(sealed, "b.test", "s"));
        assertThrows(GeneralSecurityException.class, () -> cipher.open(sealed, "a.test", "t"));
        assertThrows(GeneralSecurityException.class, () -> cipher.open(sealed, "a.tes", "ts"));
        assertThrows(GeneralSecurityException.class, () -> new KeyCipher(SECRET + "0").open(sealed, "a.test", "s"));
        byte[] changed = sealed.octets().clone();
        changed[0] ^= 1;
        assertThrows(GeneralSecurityException.class, () -> cipher.open(new KeyCipher.Sealed(sealed.nonce(), changed), "a.test", "s"));
    }

    @Test
    void hidesTheKeyUnderANonceOfItsOwn() throws Exception {
        KeyCipher.Sealed one = cipher.seal(KEY, "a.test", "s");
        KeyCipher.Sealed two = cipher.seal(KEY, "a.test", "s");
        assertFalse(Arrays.equals(one.nonce(), two.nonce()));
        assertFalse(Arrays.equals(one.octets(), two.octets()));
        assertFalse(new String(one.octets()).contains("private"));
        assertEquals(KEY.length + 16, one.octets().length);
    }

    @Test
    void saysWhatIsWrongWithTheFile() throws Exception {
        Path little = Files.writeString(folder.resolve("little"), "0123456789abcdef0123456789abcde  \n");
        assertTrue(assertThrows(ConfigurationException.class, () -> KeyCipher.of(little)).getMessage().contains("shorter than 32"));
        assertEquals("delivery.secret-file: cannot read " + folder.resolve("none") + " (NoSuchFileException)",
                assertThrows(ConfigurationException.class, () -> KeyCipher.of(folder.resolve("none"))).getMessage());
    }
}
