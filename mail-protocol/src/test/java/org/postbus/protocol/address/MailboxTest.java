package org.postbus.protocol.address;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postbus.protocol.address.AddressSyntaxException.Fault;

class MailboxTest {

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', value = {
        "Jones@Example.ORG,                 Jones@Example.ORG,        jones@example.org",
        "a.b!#$%&'*+-/=?^_`{|}~@x,          a.b!#$%&'*+-/=?^_`{|}~@x, a.b!#$%&'*+-/=?^_`{|}~@x",
        "\"Jones\"@example.org,             Jones@example.org,        jones@example.org",
        "\"j\\o\\nes\"@example.org,         jones@example.org,        jones@example.org",
        "\"a b\"@example.org,               \"a b\"@example.org,      \"a b\"@example.org",
        "\"a@b\\\"c\\\\\"@example.org,      \"a@b\\\"c\\\\\"@example.org, \"a@b\\\"c\\\\\"@example.org",
        "\"a..b\"@example.org,              \"a..b\"@example.org,     \"a..b\"@example.org",
        "\"\"@example.org,                  \"\"@example.org,         \"\"@example.org",
        "a@1.2.3.4,                         a@1.2.3.4,                a@1.2.3.4",
        "a@x-y.1a,                          a@x-y.1a,                 a@x-y.1a",
        "a@[192.0.2.1],                     a@[192.0.2.1],            a@[192.0.2.1]",
        "a@[IPv6:2001:DB8::1],              a@[IPv6:2001:DB8::1],     a@[ipv6:2001:db8::1]",
        "a@[IPv6:::],                       a@[IPv6:::],              a@[ipv6:::]",
        "a@[IPv6:1:2:3:4:5:6:7:8],          a@[IPv6:1:2:3:4:5:6:7:8], a@[ipv6:1:2:3:4:5:6:7:8]",
        "a@[IPv6:1:2:3:4:5:6:192.0.2.1],    a@[IPv6:1:2:3:4:5:6:192.0.2.1], a@[ipv6:1:2:3:4:5:6:192.0.2.1]",
        "a@[IPv6:::ffff:192.0.2.1],         a@[IPv6:::ffff:192.0.2.1], a@[ipv6:::ffff:192.0.2.1]",
        "a@[x-tag:anything!],               a@[x-tag:anything!],      a@[x-tag:anything!]",
    })
    void readsAndNormalises(String text, String written, String canonical) {
        Mailbox mailbox = Mailbox.parse(text);
        assertEquals(written, mailbox.toString());
        assertEquals(canonical, mailbox.canonical());
        assertEquals(mailbox, Mailbox.parse(mailbox.toString()), "the written form reads back");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "a", "@x", "a@", "a@@x", "a b@x", ".a@x", "a.@x", "a..b@x", "a@-x", "a@x-", "a@x..y", "a@.x", "a@x.",
        "a@x_y", "a@x y", "a@[1.2.3]", "a@[1.2.3.256]", "a@[1.2.3.4", "a@[01.2.3.4000]", "a@[IPv6:1]",
        "a@[IPv6:1::2::3]", "a@[IPv6:1:2:3:4:5:6:7::]", "a@[IPv6:12345::]", "a@[IPv6:::192.0.2.1:1]", "a@[IPv6:g::]",
        "a@[-:x]", "a@[tag:]", "a@[tag:x\\y]", "a@[]", "\"a@x", "\"a\"b@x", "\"a\r\n\"@x", "\"a\0\"@x", "\"a\\\n\"@x",
        "<a@x>", "a@x>", "a@x\r\n", "a\u007f@x", "a@x\u0000", "a@[1.2.3.4]x",
    })
    void refuses(String text) {
        AddressSyntaxException e = assertThrows(AddressSyntaxException.class, () -> Mailbox.parse(text));
        assertEquals(Fault.SYNTAX, e.fault(), e.getMessage());
    }

    /** RFC 6531, section 3.3: one spelling, the domain in A-labels. */
    @ParameterizedTest
    @CsvSource({
        "J\u00d6rg@b\u00fccher.example,     j\u00f6rg@xn--bcher-kva.example",
        "jo\u0308rg@B\u00dcCHER.example,    j\u00f6rg@xn--bcher-kva.example",
        "\u760d@\u4f8b\u3048.test,         \u760d@xn--r8jz45g.test",
        "a\ud83d\udce7b@x,                  a\ud83d\udce7b@x",
        "\u0394\u03bf\u03ba\u03b9\u03bc\u03ae@x, \u03b4\u03bf\u03ba\u03b9\u03bc\u03ae@x",
    })
    void readsInternationalisedAddresses(String text, String canonical) {
        Mailbox mailbox = Mailbox.parse(text);
        assertFalse(mailbox.isAscii());
        assertEquals(text, mailbox.toString());
        assertEquals(canonical, mailbox.canonical());
        assertEquals(canonical, Mailbox.parse(canonical).canonical());
    }

    /** Controls, direction marks, white space, halves of pairs, private use; a label that IDNA forbids. */
    @ParameterizedTest
    @ValueSource(strings = {"a\u0085b@x", "a\u202eb@x", "a\u00a0b@x", "a\u2028b@x", "a\ud83db@x", "a\udce7b@x", "a\ue000b@x", "a\ufeffb@x",
        "a@\u00e4_x", "a@\u00e4 x", "a@-\u00e4", "a@\u202e.x", "\"\\\u00e4\"@x"})
    void refusesWhatNobodySees(String text) {
        assertEquals(Fault.SYNTAX, fault(text));
    }

    @Test
    void keepsTheLimits() {
        assertEquals(64, Mailbox.parse("a".repeat(64) + "@x").localPart().length());
        assertEquals(Fault.TOO_LONG, fault("a".repeat(65) + "@x"));
        assertEquals(32, Mailbox.parse("\u00e4".repeat(32) + "@x").localPart().length());
        assertEquals(Fault.TOO_LONG, fault("\u00e4".repeat(33) + "@x"));
        String label = "d".repeat(63);
        String domain = String.join(".", label, label, label, label);
        assertEquals(255, Mailbox.parse("a@" + domain).domain().length());
        assertEquals(Fault.TOO_LONG, fault("a@" + domain + ".x"));
        assertEquals(Fault.TOO_LONG, fault("a@" + label + "d"));
    }

    @Test
    void splitsTheSubaddressAtTheFirstPlus() {
        assertEquals(Optional.of(Mailbox.parse("a@x")), Mailbox.parse("a+b+c@x").withoutSubaddress());
        assertEquals(Optional.empty(), Mailbox.parse("+a@x").withoutSubaddress());
        assertEquals(Optional.empty(), Mailbox.parse("a@x").withoutSubaddress());
    }

    @Test
    void noMailboxMadeByCodeHoldsControlOctets() {
        assertThrows(IllegalArgumentException.class, () -> new Mailbox("a\r\nRCPT TO:<b@x>", "x"));
        assertThrows(IllegalArgumentException.class, () -> new Mailbox("a", "x\r\n"));
    }

    @Test
    void writesAddressLiterals() throws UnknownHostException {
        assertEquals("[192.0.2.1]", AddressLiteral.of(InetAddress.getByName("192.0.2.1")));
        assertEquals("[IPv6:2001:db8:0:0:0:0:0:1]", AddressLiteral.of(InetAddress.getByName("2001:db8::1")));
    }

    @Test
    void randomTextNeverEscapesTheGrammar() {
        Random random = new Random(5321);
        String alphabet = "ab.@\"\\<>[]:-+ 1\r\n\0\u00e4";
        for (int i = 0; i < 200_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int n = random.nextInt(12); n >= 0; n--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            try {
                Mailbox mailbox = Mailbox.parse(text.toString());
                assertTrue(mailbox.toString().chars().allMatch(c -> c >= ' ' && c < 127 || c == 0xe4));
                assertEquals(mailbox, Mailbox.parse(mailbox.toString()));
            } catch (AddressSyntaxException refused) {
                // Most random texts are no mailbox.
            }
        }
    }

    private static Fault fault(String text) {
        return assertThrows(AddressSyntaxException.class, () -> Mailbox.parse(text)).fault();
    }
}
