package org.postbus.protocol.address;

import java.net.InetAddress;
import java.util.Arrays;

/** A range of IP addresses (RFC 4632, RFC 4291 section 2.3): {@code 192.0.2.0/24}, {@code 2001:db8::/32}, or one address. */
public record AddressRange(InetAddress network, int prefix) {

    /** @throws IllegalArgumentException where the text is no range, or has bits behind its prefix */
    public static AddressRange parse(String text) {
        int slash = text.indexOf('/');
        InetAddress network = InetAddress.ofLiteral(slash < 0 ? text : text.substring(0, slash));
        int bits = network.getAddress().length * Byte.SIZE;
        int prefix = slash < 0 ? bits : Integer.parseInt(text.substring(slash + 1));
        if (prefix < 0 || prefix > bits) {
            throw new IllegalArgumentException("a prefix of " + prefix + " bits: " + text);
        }
        AddressRange range = new AddressRange(network, prefix);
        if (!Arrays.equals(range.masked(network.getAddress()), network.getAddress())) {
            throw new IllegalArgumentException("bits behind the prefix: " + text);
        }
        return range;
    }

    public boolean contains(InetAddress address) {
        byte[] octets = address.getAddress();
        return octets.length == network.getAddress().length && Arrays.equals(masked(octets), network.getAddress());
    }

    private byte[] masked(byte[] octets) {
        byte[] masked = octets.clone();
        for (int i = 0; i < masked.length; i++) {
            int bits = Math.clamp(prefix - i * Byte.SIZE, 0, Byte.SIZE);
            masked[i] &= (byte) (0xFF << Byte.SIZE - bits);
        }
        return masked;
    }
}
