package org.postbus.protocol.address;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PathTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "<a@x>                 | a@x",
        "<@r.test:a@x>         | a@x",
        "<@r.test,@s.test:a@x> | a@x",
        "<\"a>b\"@x>           | \"a>b\"@x",
    })
    void readsPathsAndIgnoresSourceRoutes(String text, String expected) {
        assertEquals(expected, new AddressParser(text).reversePath().text());
        assertEquals(expected, new AddressParser(text).forwardPath().text());
    }

    @Test
    void nullIsAReversePathOnly() {
        assertEquals(new ReversePath.None(), new AddressParser("<>").reversePath());
        assertThrows(AddressSyntaxException.class, () -> new AddressParser("<>").forwardPath());
    }

    @ParameterizedTest
    @ValueSource(strings = {"<Postmaster>", "<postMASTER>"})
    void postmasterNeedsNoDomain(String text) {
        assertEquals(new ForwardPath.Postmaster(), new AddressParser(text).forwardPath());
        assertThrows(AddressSyntaxException.class, () -> new AddressParser(text).reversePath());
    }

    @ParameterizedTest
    @ValueSource(strings = {"a@x", "<a@x", "<a@x> ", "< a@x>", "<a@x >", "<@r:>", "<@r a@x>", "<@:a@x>", "<a>", "<<a@x>>"})
    void refusesOrStopsBehindThePath(String text) {
        AddressParser parser = new AddressParser(text);
        if (text.equals("<a@x> ")) {
            parser.reversePath();
            assertEquals(5, parser.position(), "parameters follow here");
        } else {
            assertThrows(AddressSyntaxException.class, parser::reversePath);
        }
    }

    @Test
    void aPathHasAtMost256Octets() {
        String domain = String.join(".", "d".repeat(63), "d".repeat(63), "d".repeat(60));
        String path = "<" + "a".repeat(64) + "@" + domain + ">";
        assertEquals(path.length() - 2, new AddressParser(path).reversePath().text().length());
        String routed = "<@r.test:" + path.substring(1);
        assertThrows(AddressSyntaxException.class, () -> new AddressParser(routed).reversePath());
    }

    @Test
    void reversePathsReadBack() {
        assertEquals(new ReversePath.None(), ReversePath.parse(""));
        assertEquals(new ReversePath.Of(Mailbox.parse("a@x")), ReversePath.parse("a@x"));
    }
}
