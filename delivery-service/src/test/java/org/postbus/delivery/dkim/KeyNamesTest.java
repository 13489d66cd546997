package org.postbus.delivery.dkim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postbus.rest.ProblemException;

class KeyNamesTest {

    @ParameterizedTest
    @CsvSource({"Example.ORG, example.org", "m\u00fcller.example, xn--mller-kva.example", "a1, a1", "a.xn--p1ai, a.xn--p1ai", "'', ''",
        "192.0.2.1, ''", "a.1, ''", "[192.0.2.1], ''", "a..b, ''", "-a.test, ''", "a b.test, ''", "a@b.test, ''", "'a.test\r\nx', ''",
        "a.test., ''"})
    void domainsAreCanonical(String text, String domain) {
        assertEquals(domain, KeyNames.domain(text).orElse(""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "a.", "-a", "a-", "a_b", "a b", "a;b", "a\r\nb", "\u00e4", "\u0131", "a..b"})
    void selectorsAreNames(String text) {
        assertThrows(ProblemException.class, () -> KeyNames.selector(text, "a.test"));
    }

    @Test
    void selectorsFitTheDomain() {
        assertEquals("s1.mail-2", KeyNames.selector("S1.Mail-2", "a.test"));
        String label = "a".repeat(63);
        String most = String.join(".", label, label, label, "a".repeat(253 - 192 - "._domainkey.a.test".length()));
        assertEquals(most, KeyNames.selector(most, "a.test"));
        assertThrows(ProblemException.class, () -> KeyNames.selector(most, "ab.test"));
        assertThrows(ProblemException.class, () -> KeyNames.selector(label + "a", "a.test"));
    }

    @Test
    void freshSelectorsSayWhenAndWhat() {
        Instant at = Instant.parse("2026-11-28T23:59:59Z");
        String rsa = KeyNames.freshSelector(DkimAlgorithm.RSA_SHA256, at);
        assertTrue(rsa.matches("r20261128-[0-9a-f]{6}"), rsa);
        assertEquals(rsa, KeyNames.selector(rsa, "a.test"));
        assertTrue(KeyNames.freshSelector(DkimAlgorithm.ED25519_SHA256, at).startsWith("e20261128-"));
    }
}
