package org.postbus.delivery.nexthop;

import java.io.UncheckedIOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.postbus.protocol.address.AddressRange;

/**
 * Says which addresses that the DNS of strangers names may be connected to: what is reachable from everywhere. Else a domain could
 * make this server talk to what only this server can reach. Judge the address that is connected to, not the name.
 */
public final class AddressGuard {

    // IANA's registries of special-purpose addresses (RFC 6890): whatever is not globally reachable, but for documentation.
    private static final List<AddressRange> FORBIDDEN = Stream.of(
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
            "192.168.0.0/16", "198.18.0.0/15", "224.0.0.0/4", "240.0.0.0/4",
            // Unspecified, loopback and IPv4-compatible; translated by a host (RFC 7915) or within a site (RFC 8215); discarded.
            "::/96", "::ffff:0:0:0/96", "64:ff9b:1::/48", "100::/64",
            // Teredo, whose ends nobody knows; segment identifiers; unique local, link-local, site-local, multicast.
            "2001::/32", "5f00::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8").map(AddressRange::parse).toList();
    private static final AddressRange NAT64 = AddressRange.parse("64:ff9b::/96");
    private static final AddressRange SIX_TO_FOUR = AddressRange.parse("2002::/16");

    private final List<AddressRange> allowed;
    private final Predicate<InetAddress> own;

    /** @param allowed what may be connected to nevertheless */
    public AddressGuard(List<AddressRange> allowed) {
        this(allowed, AddressGuard::isOfThisMachine);
    }

    AddressGuard(List<AddressRange> allowed, Predicate<InetAddress> own) {
        this.allowed = List.copyOf(allowed);
        this.own = own;
    }

    public boolean permits(InetAddress address) {
        return within(allowed, address)
                || !within(FORBIDDEN, address) && !own.test(address) && embedded(address).map(this::permits).orElse(true);
    }

    private static boolean within(List<AddressRange> ranges, InetAddress address) {
        return ranges.stream().anyMatch(range -> range.contains(address));
    }

    /** The IPv4 address that an IPv6 address leads to. Java turns mapped ones (::ffff:0:0/96) into IPv4 by itself. */
    private static Optional<InetAddress> embedded(InetAddress address) {
        byte[] octets = address.getAddress();
        if (address instanceof Inet4Address) {
            return Optional.empty();
        }
        if (NAT64.contains(address)) {
            return Optional.of(ipv4(Arrays.copyOfRange(octets, 12, 16)));
        }
        return SIX_TO_FOUR.contains(address) ? Optional.of(ipv4(Arrays.copyOfRange(octets, 2, 6))) : Optional.empty();
    }

    private static InetAddress ipv4(byte[] octets) {
        try {
            return InetAddress.getByAddress(octets);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean isOfThisMachine(InetAddress address) {
        try {
            return NetworkInterface.getByInetAddress(address) != null;
        } catch (SocketException e) {
            throw new UncheckedIOException(e);
        }
    }
}
