package org.postbus.smtpgateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.Rcode;

/** Clients that a blocklist names (RFC 5782), asked by real DNS messages; a proxy says who they are. */
class BlocklistsTest {

    @TempDir
    private static Path folder;
    private static TestKafka kafka;
    private static FakeDns dns;
    private static TestGateway gateway;

    @BeforeAll
    static void start() throws IOException {
        kafka = TestKafka.withJones(folder);
        dns = new FakeDns();
        dns.put("2.0.0.192.list.test", "127.0.0.2");
        dns.put("1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.other.test", "127.0.0.4");
        dns.put("3.0.0.192.list.test", "127.255.255.254");
        dns.put("4.0.0.192.list.test", "192.0.2.1");
        gateway = new TestGateway(kafka, "smtp.proxies=127.0.0.0/8", "smtp.dnsbl.zones=list.test,other.test",
                "smtp.dnsbl.servers=" + dns.address(), "smtp.dnsbl.timeout=500ms");
    }

    @AfterAll
    static void stop() {
        gateway.close();
        kafka.close();
        dns.close();
    }

    @BeforeEach
    void answer() {
        dns.silent = false;
        dns.rcode = Rcode.NOERROR;
    }

    @Test
    void whoIsListedDoesNotBegin() throws Exception {
        for (String listed : new String[] {"TCP4 192.0.0.2 192.0.2.9", "TCP6 2001:db8::1 2001:db8::2"}) {
            try (Client client = from(listed)) {
                client.send("EHLO client.test\r\nMAIL FROM:<a@b.test>\r\n");
                Client.expect("554 5.7.1", client.reply());
                assertEquals("", client.reply());
            }
        }
        assertTrue(kafka.trail().stream().anyMatch(event -> event.client().equals("192.0.0.2") && event.detail().startsWith("554 5.7.1")));
        assertEquals(2, gateway.registry.get("postbus.smtp.refused").tag("code", "554").counter().count());
    }

    @Test
    void whoIsNotListedDoes() throws IOException {
        // The second is how a list says that it does not serve this resolver, the third is no answer of a list at all.
        for (String address : new String[] {"192.0.0.1", "192.0.0.3", "192.0.0.4"}) {
            try (Client client = from("TCP4 " + address + " 192.0.2.9")) {
                client.startMail("a@b.test", "jones@example.org").send("x\r\n").endMail();
            }
        }
    }

    @Test
    void aListThatFailsListsNobody() throws IOException {
        dns.rcode = Rcode.SERVFAIL;
        try (Client client = from("TCP4 192.0.1.5 192.0.2.9")) {
            Client.expect("220", client.reply());
        }
        dns.silent = true;
        try (Client client = from("TCP4 192.0.1.6 192.0.2.9")) {
            Client.expect("220", client.reply());
        }
    }

    private static Client from(String addresses) throws IOException {
        return gateway.connect().send("PROXY " + addresses + " 1000 25\r\n");
    }
}
