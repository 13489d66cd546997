package org.postbus.protocol.address;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.InetAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressRangeTest {

    @ParameterizedTest
    @CsvSource({
        "192.0.2.0/24, 192.0.2.255, true", "192.0.2.0/24, 192.0.3.0, false", "10.0.0.0/9, 10.127.0.1, true",
        "10.0.0.0/9, 10.128.0.0, false", "192.0.2.7, 192.0.2.7, true", "192.0.2.7, 192.0.2.8, false", "0.0.0.0/0, 198.51.100.1, true",
        "2001:db8::/33, 2001:db8:7fff::1, true", "2001:db8::/33, 2001:db8:8000::1, false", "::/0, 192.0.2.1, false", "::1, ::1, true",
    })
    void contains(String range, String address, boolean inside) {
        assertEquals(inside, AddressRange.parse(range).contains(InetAddress.ofLiteral(address)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "localhost", "192.0.2.0/33", "192.0.2.0/-1", "192.0.2.1/24", "192.0.2.0/x", "2001:db8::/129"})
    void everythingElseIsRefused(String text) {
        assertThrows(IllegalArgumentException.class, () -> AddressRange.parse(text));
    }
}
