package org.postbus.mailbox.directory;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NamesTest {

    @ParameterizedTest
    @CsvSource({"Alice@Example.ORG, alice@example.org", "a@BÜCHER.example, a@xn--bcher-kva.example",
        "a@bücher。example, a@xn--bcher-kva.example", "'\"a.b\"@x.test', a.b@x.test", "'\"A B\"@x.test', '\"a b\"@x.test'",
        "'\"a@b\"@x.test', '\"a@b\"@x.test'", "'\"\\a\"@x.test', a@x.test", "a@localhost, a@localhost",
        "JÖRG@x.test, jörg@x.test", "jo\u0308rg@x.test, jörg@x.test"})
    void haveOneSpelling(String written, String canonical) {
        assertEquals(Optional.of(canonical), Names.canonicalAddress(written));
        assertEquals(Optional.of(canonical), Names.canonicalAddress(canonical), "canonical form is its own canonical form");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "@", "a", "a@", "@a.test", "a@[IPv6:::1]", "a@1.2.3.4", "a@x..test", "a@x.test ", " a@x.test",
        "a\u202eb@x.test", "a@x_y.test", "<a@x.test>", "@r.test:a@x.test", "a@x.test\u0000"})
    void areNothingElse(String text) {
        assertEquals(Optional.empty(), Names.canonicalAddress(text));
    }
}
