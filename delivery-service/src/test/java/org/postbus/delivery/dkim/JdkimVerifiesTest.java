package org.postbus.delivery.dkim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.util.List;
import java.util.stream.Stream;
import org.apache.james.jdkim.DKIMVerifier;
import org.apache.james.jdkim.api.SignatureRecord;
import org.apache.james.jdkim.exceptions.PermFailException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A verifier that others wrote: Apache James jDKIM, which knows RSA only. */
class JdkimVerifiesTest {

    private static final Keys RSA = Keys.of(Mail.DOMAIN, "rsa.s1", DkimAlgorithm.RSA_SHA256);

    @ParameterizedTest
    @MethodSource
    void verifies(Mail mail) throws Exception {
        List<SignatureRecord> verified = verify(mail.signed(List.of(RSA.key())));
        assertEquals(1, verified.size());
        assertEquals(Mail.DOMAIN, verified.getFirst().getDToken().toString());
        assertEquals(1795867200L, verified.getFirst().getSignatureTimestamp().longValue());
    }

    /** It takes CRLF for an empty body, as in simple canonicalisation (RFC 6376, section 3.4.3), and fields of 30,000 octets at most. */
    static Stream<Mail> verifies() {
        return Mail.allBut("no body", "an empty line for a body", "a long field");
    }

    @Test
    void refusesWhatWasChanged() {
        Mail.tampered(List.of(RSA.key())).forEach(mail -> assertThrows(PermFailException.class, () -> verify(mail),
                () -> new String(mail)));
    }

    private static List<SignatureRecord> verify(byte[] mail) throws Exception {
        return new DKIMVerifier((methods, selector, domain) -> {
            assertEquals(RSA.dns().name(), selector + "._domainkey." + domain);
            return List.of(RSA.dns().value());
        }).verify(new ByteArrayInputStream(mail));
    }
}
