package org.postbus.protocol.proxy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Reads the header that stands before all else on a proxy's connection (haproxy.org, proxy-protocol.txt, sections 2.1 and 2.2).
 * Whether the sender may be believed is the host's to judge. Used for one connection, octets given as they come.
 */
public final class ProxyHeader {

    /** Octets of a version 1 line with its CRLF. */
    public static final int MAX_LINE = 107;

    /** Octets of a version 2 header: addresses, and as much again for what a proxy adds to them. */
    public static final int MAX_BINARY = 2048;

    private static final byte[] LINE_START = "PROXY ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] SIGNATURE = {'\r', '\n', '\r', '\n', 0, '\r', '\n', 'Q', 'U', 'I', 'T', '\n'};
    private static final int FIXED = SIGNATURE.length + 4;
    private static final Pattern IPV4 = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}");
    private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:.]{2,45}");
    private static final Pattern PORT = Pattern.compile("0|[1-9][0-9]{0,4}");

    /** What the octets so far say. */
    public sealed interface Found {
        /** The proxy connects for a client. */
        record Client(InetAddress address) implements Found {}

        /** The proxy connects for itself, or for somebody it cannot tell of. */
        record Nobody() implements Found {}

        /** No whole header yet. */
        record Nothing() implements Found {}

        /** No header of this protocol. */
        record Fault() implements Found {}
    }

    private static final Found NOBODY = new Found.Nobody();
    private static final Found NOTHING = new Found.Nothing();
    private static final Found FAULT = new Found.Fault();

    private byte[] octets = {};
    private int end;

    /** Takes what came. After anything but {@code Nothing} there is no more to give. */
    public Found receive(byte[] more) {
        int before = octets.length;
        octets = Arrays.copyOf(octets, before + more.length);
        System.arraycopy(more, 0, octets, before, more.length);
        if (startsWith(LINE_START)) {
            return octets.length < LINE_START.length ? NOTHING : line();
        }
        return !startsWith(SIGNATURE) ? FAULT : octets.length < FIXED ? NOTHING : binary();
    }

    /** What stands behind the header: the client's first octets. */
    public byte[] rest() {
        return Arrays.copyOfRange(octets, end, octets.length);
    }

    private boolean startsWith(byte[] start) {
        int count = Math.min(start.length, octets.length);
        return Arrays.equals(octets, 0, count, start, 0, count);
    }

    // "PROXY" SP ( "TCP4" / "TCP6" ) SP source SP destination SP source-port SP destination-port CRLF / "PROXY UNKNOWN" ... CRLF
    private Found line() {
        int limit = Math.min(octets.length, MAX_LINE);
        for (int i = 0; i + 1 < limit; i++) {
            if (octets[i] == '\r' && octets[i + 1] == '\n') {
                end = i + 2;
                return line(new String(octets, 0, i, StandardCharsets.ISO_8859_1));
            }
        }
        return octets.length < MAX_LINE ? NOTHING : FAULT;
    }

    private static Found line(String text) {
        String[] words = text.split(" ", -1);
        if (words[1].equals("UNKNOWN")) {
            return NOBODY;
        }
        boolean whole = words.length == 6 && isPort(words[4]) && isPort(words[5]);
        Pattern address = words[1].equals("TCP4") ? IPV4 : words[1].equals("TCP6") ? IPV6 : PORT;
        if (!whole || address == PORT || !address.matcher(words[2]).matches() || !address.matcher(words[3]).matches()) {
            return FAULT;
        }
        return literal(words[3]).flatMap(destination -> literal(words[2])).<Found>map(Found.Client::new).orElse(FAULT);
    }

    private static boolean isPort(String text) {
        return PORT.matcher(text).matches() && Integer.parseInt(text) <= 0xFFFF;
    }

    private static Optional<InetAddress> literal(String text) {
        try {
            return Optional.of(InetAddress.ofLiteral(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    // Signature, version and command, family and transport, length of what follows; then source and destination address.
    private Found binary() {
        int command = octets[SIGNATURE.length] & 0xFF;
        int family = octets[SIGNATURE.length + 1] & 0xFF;
        int length = (octets[FIXED - 2] & 0xFF) << 8 | octets[FIXED - 1] & 0xFF;
        if (command != 0x20 && command != 0x21 || FIXED + length > MAX_BINARY) {
            return FAULT;
        }
        if (octets.length < FIXED + length) {
            return NOTHING;
        }
        end = FIXED + length;
        boolean local = command == 0x20;
        return switch (family) {
            case 0x11 -> local ? NOBODY : source(4, length);
            case 0x21 -> local ? NOBODY : source(16, length);
            case 0x00 -> NOBODY;
            default -> local ? NOBODY : FAULT;
        };
    }

    /** Two addresses and two ports have to be there. */
    private Found source(int addressOctets, int length) {
        if (length < 2 * addressOctets + 4) {
            return FAULT;
        }
        try {
            return new Found.Client(InetAddress.getByAddress(Arrays.copyOfRange(octets, FIXED, FIXED + addressOctets)));
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }
}
