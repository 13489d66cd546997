package org.postbus.protocol.address;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.InetAddress;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressLiteralTest {

    @ParameterizedTest
    @CsvSource({
        "[192.0.2.1], 192.0.2.1", "[010.0.0.008], 10.0.0.8", "[IPv6:2001:db8::1], 2001:db8::1", "[ipv6:::], ::",
        "[IPv6:::ffff:192.0.2.1], 192.0.2.1", "[IPv6:1:2:3:4:5:6:7:0010], 1:2:3:4:5:6:7:10",
        "[IPv6:::ffff:192.000.002.001], 192.0.2.1",
    })
    void tells_its_address(String literal, String address) {
        assertEquals(Optional.of(InetAddress.ofLiteral(address)), AddressLiteral.parse(literal));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[", "[]", "192.0.2.1", "[192.0.2.1", "[127.1]", "[2130706433]", "[192.0.2.256]", "[2001:db8::1]",
        "[IPv6:192.0.2.1]", "[x-tag:anything]", "[IPv6:fe80::1%eth0]", "[localhost]"})
    void everything_else_has_none(String literal) {
        assertEquals(Optional.empty(), AddressLiteral.parse(literal));
    }
}
