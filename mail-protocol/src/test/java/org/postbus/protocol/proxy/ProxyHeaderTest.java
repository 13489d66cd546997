package org.postbus.protocol.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProxyHeaderTest {

    private static final String SIGNATURE = "\r\n\r\n\0\r\nQUIT\n";

    @ParameterizedTest
    @CsvSource({
        "PROXY TCP4 192.0.2.1 192.0.2.2 1234 25, 192.0.2.1",
        "PROXY TCP6 2001:db8::1 ::1 0 65535, 2001:db8:0:0:0:0:0:1",
    })
    void aLineNamesTheClient(String line, String client) {
        assertEquals(client, client(read(octets(line + "\r\nEHLO x\r\n"), "EHLO x\r\n")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PROXY UNKNOWN", "PROXY UNKNOWN ffff::1 ::1 1 2"})
    void aLineCanNameNobody(String line) {
        assertInstanceOf(ProxyHeader.Found.Nobody.class, read(octets(line + "\r\n"), ""));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "EHLO client", "PROXY\r\n", "PROXY TCP4\r\n", "PROXY TCP4 192.0.2.1 192.0.2.2 1\r\n", "PROXY TCP4 1.2.3 1.2.3.4 1 2\r\n",
        "PROXY TCP4 256.0.2.1 192.0.2.2 1 2\r\n", "PROXY TCP4 ::1 ::1 1 2\r\n", "PROXY TCP6 1.2.3.4 1.2.3.4x 1 2\r\n",
        "PROXY TCP4 192.0.2.1 192.0.2.2 65536 2\r\n", "PROXY TCP4 192.0.2.1 192.0.2.2 01 2\r\n", "PROXY TCP4 192.0.2.1  192.0.2.2 1 2\r\n",
        "PROXY UDP4 192.0.2.1 192.0.2.2 1 2\r\n", "PROXY TCP6 localhost ::1 1 2\r\n", "proxy TCP4 192.0.2.1 192.0.2.2 1 2\r\n",
        "PROXY UNKNOWN xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        "\r\n\r\n\0\r\nQUIX", "\r\n\r\n\0\r\nQUIT\n\021\021\0\0", "\r\n\r\n\0\r\nQUIT\n\042\021\0\0",
        "\r\n\r\n\0\r\nQUIT\n!\021\377\377", "\r\n\r\n\0\r\nQUIT\n!\021\0\01301234567890", "\r\n\r\n\0\r\nQUIT\n!1\0\0",
        "\377"
    })
    void everythingElseIsAFault(String text) {
        assertInstanceOf(ProxyHeader.Found.Fault.class, read(octets(text), null));
    }

    @Test
    void aBinaryHeaderNamesTheClient() {
        String ipv4 = SIGNATURE + "!\021\0\014\300\0\002\001\300\0\002\002\004\322\0\031";
        assertEquals("192.0.2.1", client(read(octets(ipv4 + "NOOP\r\n"), "NOOP\r\n")));
        String ipv6 = SIGNATURE + "!!\0\050 \001\r\270\0\0\0\0\0\0\0\0\0\0\0\001" + "\0".repeat(16) + "\0\0\0\0" + "tlv.";
        assertEquals("2001:db8:0:0:0:0:0:1", client(read(octets(ipv6), "")));
    }

    @ParameterizedTest
    @ValueSource(strings = {" \021\0\0140123456789ab", " \0\0\0", "!\0\0\003abc"})
    void aBinaryHeaderCanNameNobody(String behind) {
        assertInstanceOf(ProxyHeader.Found.Nobody.class, read(octets(SIGNATURE + behind + "x"), "x"));
    }

    @Test
    void noOctetsBreakIt() {
        Random random = new Random(22);
        String[] starts = {"", "PROXY ", "PROXY TCP4 ", SIGNATURE, SIGNATURE + "!\021"};
        for (int i = 0; i < 50_000; i++) {
            byte[] noise = new byte[random.nextInt(40)];
            random.nextBytes(noise);
            read(octets(starts[random.nextInt(starts.length)] + new String(noise, StandardCharsets.ISO_8859_1)), null);
        }
    }

    /** Given whole, octet by octet, and in two at every point: the same, and the same rest ({@code null}: whatever it is). */
    private static ProxyHeader.Found read(byte[] octets, String rest) {
        ProxyHeader whole = new ProxyHeader();
        ProxyHeader.Found found = whole.receive(octets);
        if (rest != null) {
            assertEquals(rest, new String(whole.rest(), StandardCharsets.ISO_8859_1));
        }
        for (int point = 0; point <= octets.length; point++) {
            ProxyHeader split = new ProxyHeader();
            ProxyHeader.Found first = split.receive(Arrays.copyOf(octets, point));
            assertEquals(found, first instanceof ProxyHeader.Found.Nothing
                    ? split.receive(Arrays.copyOfRange(octets, point, octets.length)) : first);
        }
        return found;
    }

    private static String client(ProxyHeader.Found found) {
        return assertInstanceOf(ProxyHeader.Found.Client.class, found).address().getHostAddress();
    }

    private static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
