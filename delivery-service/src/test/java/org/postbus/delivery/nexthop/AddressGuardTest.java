package org.postbus.delivery.nexthop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postbus.protocol.address.AddressRange;

class AddressGuardTest {

    /** Whatever addresses the machine of the test has. */
    private final AddressGuard guard = new AddressGuard(List.of(), address -> false);

    @ParameterizedTest
    @ValueSource(strings = {
        "127.0.0.1", "127.255.255.254", "0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.255",
        "192.168.0.1", "100.64.0.1", "100.127.255.255", "169.254.169.254", "192.0.0.8", "198.18.0.1", "198.19.255.255", "224.0.0.1",
        "239.255.255.255", "240.0.0.1", "255.255.255.255",
        "::", "::1", "::7f00:1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:0:a00:1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::1", "2002:7f00:1::", "2002:a00:1::1", "2002:c0a8:101::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2",
        "fc00::1", "fd12:3456::1", "fe80::1", "febf::1", "fec0::1", "ff02::1", "ff0e::1", "100::1", "5f00::1",
    })
    void what_only_some_can_reach_is_forbidden(String address) {
        assertFalse(guard.permits(InetAddress.ofLiteral(address)));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "1.1.1.1", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255", "128.0.0.1", "169.253.1.1",
        "172.15.255.255", "172.32.0.0", "192.167.1.1", "192.169.1.1", "198.17.1.1", "198.20.0.0", "223.255.255.255",
        "2001:4860::1", "2606:4700::1111", "64:ff9b::101:101", "2002:101:101::1", "::ffff:8.8.8.8", "2a00::1",
    })
    void what_everybody_can_reach_is_permitted(String address) {
        assertTrue(guard.permits(InetAddress.ofLiteral(address)));
    }

    @Test
    void the_addresses_of_this_machine_are_forbidden() {
        InetAddress own = InetAddress.ofLiteral("198.51.100.7");
        assertFalse(new AddressGuard(List.of(), own::equals).permits(own));
        assertFalse(new AddressGuard(List.of(), own::equals).permits(InetAddress.ofLiteral("64:ff9b::c633:6407")));
        assertTrue(new AddressGuard(List.of(), own::equals).permits(InetAddress.ofLiteral("198.51.100.8")));
    }

    @Test
    void asks_the_interfaces_which_those_are() throws Exception {
        NetworkInterface.networkInterfaces().flatMap(NetworkInterface::inetAddresses)
                .forEach(address -> assertFalse(new AddressGuard(List.of()).permits(address), address::toString));
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1, true", "::ffff:127.0.0.1, true", "64:ff9b::7f00:1, true", "127.0.1.1, false", "10.0.0.1, false",
        "fd00::1, true", "fd00:1::1, false"})
    void what_the_configuration_allows_is_permitted(String address, boolean permitted) {
        AddressGuard guard = new AddressGuard(List.of(AddressRange.parse("127.0.0.0/24"), AddressRange.parse("fd00::/32")));
        assertEquals(permitted, guard.permits(InetAddress.ofLiteral(address)));
    }
}
