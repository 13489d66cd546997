package org.postbus.delivery.dkim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

class DnsRecordTest {

    @Test
    void ofEd25519IsOneString() {
        DnsRecord dns = Keys.of("a.test", "s", DkimAlgorithm.ED25519_SHA256).dns();
        assertEquals("s._domainkey.a.test", dns.name());
        assertEquals("TXT", dns.type());
        assertTrue(dns.value().startsWith("v=DKIM1; k=ed25519; p="), dns.value());
        assertEquals(32, Base64.getDecoder().decode(dns.value().substring("v=DKIM1; k=ed25519; p=".length())).length);
        assertEquals("s._domainkey.a.test. IN TXT \"" + dns.value() + "\"", dns.zoneFile());
    }

    @Test
    void ofRsaIsSplitIntoStringsOf255Octets() {
        DnsRecord dns = Keys.of("a.test", "s", DkimAlgorithm.RSA_SHA256).dns();
        assertTrue(dns.value().startsWith("v=DKIM1; k=rsa; p=MIIBIjAN"), dns.value());
        List<String> parts = Arrays.asList(dns.zoneFile().split("\""));
        List<String> strings = List.of(parts.get(1), parts.get(3));
        assertEquals(4, parts.size());
        assertEquals(List.of(255, dns.value().length() - 255), strings.stream().map(String::length).toList());
        assertEquals(dns.value(), String.join("", strings));
    }
}
