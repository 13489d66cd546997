package org.postbus.delivery.dkim;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AuthorDomainTest {

    @ParameterizedTest
    @CsvSource({
        "'From: ann@Example.ORG\r\n', example.org",
        "'Subject: x\r\nfrom :\r\n \"eve@b.test, \" (x@c.test) <ann@a.test>\r\n', a.test",
        "'From: ann@m\u00fcller.example\r\n', xn--mller-kva.example",
        "'From: ann@xn--mller-kva.example\r\n', xn--mller-kva.example",
        "'From: j\u00f6rg@a.test\r\n', a.test",
        "'From: ann@a.test, bob@a.test\r\n', ''",
        "'From: ann@a.test\r\nFrom: bob@a.test\r\n', ''",
        "'From: ann@a.test\r\nFrom:\r\n', ''",
        "'From: ann@a.test bob@b.test\r\n', ''",
        "'From: ann@[192.0.2.1]\r\n', ''",
        "'From: ann\r\n', ''",
        "'From: ann@a..test\r\n', ''",
        "'Sender: ann@a.test\r\n', ''",
        "'\r\nFrom: ann@a.test\r\n', ''",
    })
    void isThatOfTheOnlyAuthor(String header, String domain) {
        assertEquals(domain, AuthorDomain.of(Octets.utf8(header)).orElse(""));
    }
}
