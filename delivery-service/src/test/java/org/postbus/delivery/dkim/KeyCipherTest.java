package org.postbus.delivery.dkim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.runtime.configuration.ConfigurationException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyCipherTest {

    static final String SECRET = "0123456789abcdef0123456789abcdef";
    /** Of a.test and the selector s. */
    static final KeyCipher.Sealed SEALED_LONG_AGO = new KeyCipher.Sealed(HexFormat.of().parseHex("000102030405060708090a0b"),
            HexFormat.of().parseHex("e54528976a79c4fae40d1f3fb5d0eb6b98b393392f54ab044b57186ff9"));
    private static final byte[] KEY = Octets.latin1("a private key");

    @TempDir
    Path folder;

    private final KeyCipher cipher = new KeyCipher(List.of(SECRET));

    @Test
    void opensWhatItSealed() throws Exception {
        KeyCipher.Sealed sealed = cipher.seal(KEY, "a.test", "s");
        assertArrayEquals(KEY, cipher.open(sealed, "a.test", "s"));
        assertArrayEquals(KEY, KeyCipher.of(Files.writeString(folder.resolve("secret"), SECRET + "\n")).open(sealed, "a.test", "s"));
    }

    /** Keys sealed by one release open in the next. */
    @Test
    void opensWhatWasSealedLongAgo() throws Exception {
        assertArrayEquals(KEY, cipher.open(SEALED_LONG_AGO, "a.test", "s"));
    }

    @Test
    void opensForItsOwnRowAndSecretOnly() throws Exception {
        KeyCipher.Sealed sealed = cipher.seal(KEY, "a.test", "s");
        assertThrows(GeneralSecurityException.class, () -> cipher.open(sealed, "b.test", "s"));
        assertThrows(GeneralSecurityException.class, () -> cipher.open(sealed, "a.test", "t"));
        assertThrows(GeneralSecurityException.class, () -> cipher.open(sealed, "a.tes", "ts"));
        assertThrows(GeneralSecurityException.class, () -> new KeyCipher(List.of(SECRET + "0")).open(sealed, "a.test", "s"));
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
    void opensByEachLineAndSealsByTheFirst() throws Exception {
        KeyCipher.Sealed old = cipher.seal(KEY, "a.test", "s");
        KeyCipher.Sealed older = new KeyCipher(List.of("older" + SECRET)).seal(KEY, "a.test", "s");
        KeyCipher all = KeyCipher.of(Files.writeString(folder.resolve("secret"), " new" + SECRET + " \n\n" + SECRET + "\nolder" + SECRET));
        KeyCipher.Sealed fresh = all.seal(KEY, "a.test", "s");
        for (KeyCipher.Sealed sealed : List.of(old, older, fresh)) {
            assertArrayEquals(KEY, all.open(sealed, "a.test", "s"));
        }
        assertArrayEquals(KEY, new KeyCipher(List.of("new" + SECRET)).open(fresh, "a.test", "s"));
        assertThrows(GeneralSecurityException.class, () -> all.open(old, "b.test", "s"));
        assertThrows(GeneralSecurityException.class, () -> cipher.open(fresh, "a.test", "s"));
    }

    @Test
    void sealsAnewWhatIsNotUnderTheFirst() throws Exception {
        KeyCipher both = new KeyCipher(List.of("new" + SECRET, SECRET));
        KeyCipher.Sealed anew = both.anew(SEALED_LONG_AGO, "a.test", "s").orElseThrow();
        assertArrayEquals(KEY, new KeyCipher(List.of("new" + SECRET)).open(anew, "a.test", "s"));
        assertThrows(GeneralSecurityException.class, () -> cipher.open(anew, "a.test", "s"));
        assertEquals(Optional.empty(), both.anew(anew, "a.test", "s"));
        KeyCipher others = new KeyCipher(List.of("new" + SECRET, "other" + SECRET));
        assertThrows(GeneralSecurityException.class, () -> others.anew(SEALED_LONG_AGO, "a.test", "s"));
    }

    @Test
    void isRotatingWithASecondLine() throws Exception {
        assertFalse(KeyCipher.of(Files.writeString(folder.resolve("one"), SECRET + "\n\n")).isRotating());
        assertTrue(KeyCipher.of(Files.writeString(folder.resolve("two"), SECRET + "\nold" + SECRET)).isRotating());
    }

    @Test
    void saysWhatIsWrongWithTheFile() throws Exception {
        for (String weak : List.of("0123456789abcdef0123456789abcde  \n", SECRET + "\nsecret\n", "\n", "")) {
            Path little = Files.writeString(folder.resolve("little"), weak);
            ConfigurationException refusal = assertThrows(ConfigurationException.class, () -> KeyCipher.of(little));
            assertEquals("delivery.secret-file: the secret in " + little + " is shorter than 32 characters", refusal.getMessage());
            assertNull(refusal.getCause(), "a cause would be printed with its stack trace");
        }
        assertEquals("delivery.secret-file: cannot read " + folder.resolve("none") + " (NoSuchFileException)",
                assertThrows(ConfigurationException.class, () -> KeyCipher.of(folder.resolve("none"))).getMessage());
    }
}
