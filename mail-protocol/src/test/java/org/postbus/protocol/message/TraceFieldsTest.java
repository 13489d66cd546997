package org.postbus.protocol.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.postbus.protocol.address.ForwardPath;
import org.postbus.protocol.address.Mailbox;
import org.postbus.protocol.tls.Tls;

class TraceFieldsTest {

    private static String trace(Optional<String> helo, String client, Optional<ForwardPath> only) {
        return trace(helo, client, Optional.empty(), only);
    }

    private static String trace(Optional<String> helo, String client, Optional<Tls> tls, Optional<ForwardPath> only) {
        try {
            return TraceFields.of(new TraceFacts(helo, InetAddress.getByName(client), "mx.example.org", "ESMTP",
                    tls, "0197", only, Instant.parse("2026-01-02T03:04:05Z")));
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void namesTheOnlyRecipient() {
        assertEquals("""
                Received: from cs.usfca.edu ([192.0.2.1])\r
                \tby mx.example.org with ESMTP id 0197\r
                \tfor <user08@cs601.cs.usfca.edu>;\r
                \tFri, 2 Jan 2026 03:04:05 +0000\r
                """, trace(Optional.of("cs.usfca.edu"), "192.0.2.1",
                Optional.of(new ForwardPath.Of(Mailbox.parse("user08@cs601.cs.usfca.edu")))));
    }

    @Test
    void namesWhatProtectedTheConnection() {
        assertEquals("""
                Received: from c ([192.0.2.1])\r
                \tby mx.example.org with ESMTP (TLSv1.3) id 0197\r
                \ttls TLS_AES_128_GCM_SHA256;\r
                \tFri, 2 Jan 2026 03:04:05 +0000\r
                """, trace(Optional.of("c"), "192.0.2.1", Optional.of(new Tls("TLSv1.3", "TLS_AES_128_GCM_SHA256")), Optional.empty()));
    }

    @Test
    void hidesSeveralRecipients() {
        assertFalse(trace(Optional.of("c"), "192.0.2.1", Optional.empty()).contains("for <"));
    }

    /** Such a mail, forwarded to an address in ASCII, must pass a server that does not know SMTPUTF8. */
    @Test
    void hidesARecipientOutsideAscii() {
        String trace = trace(Optional.of("c"), "192.0.2.1", Optional.of(new ForwardPath.Of(Mailbox.parse("\u00fc@example.org"))));
        assertFalse(trace.contains("for <"), trace);
        assertTrue(trace.chars().allMatch(c -> c < 128), trace);
    }

    @Test
    void warnsOfAClientThatNeverGreeted() {
        String trace = trace(Optional.empty(), "2001:db8::1", Optional.empty());
        assertTrue(trace.startsWith("Received: from [IPv6:2001:db8:0:0:0:0:0:1] ([IPv6:2001:db8:0:0:0:0:0:1])\r\n"), trace);
        assertTrue(trace.endsWith(
                "X-Authentication-Warning: mx.example.org: [IPv6:2001:db8:0:0:0:0:0:1] didn't use HELO protocol\r\n"), trace);
    }

    @Test
    void aHostileNameCannotBreakTheField() {
        assertTrue(trace(Optional.of("a (b)\r\nBcc: x;\u00e4"), "192.0.2.1", Optional.empty())
                .startsWith("Received: from a??b???Bcc:?x?? ([192.0.2.1])\r\n"));
    }
}
