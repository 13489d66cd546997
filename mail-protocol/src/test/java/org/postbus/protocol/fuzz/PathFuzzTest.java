package org.postbus.protocol.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import org.postbus.protocol.address.AddressParser;
import org.postbus.protocol.address.AddressSyntaxException;
import org.postbus.protocol.address.ForwardPath;
import org.postbus.protocol.address.Mailbox;
import org.postbus.protocol.smtp.SmtpService;

/** Paths and parameters: what is let in is written again without a change, and holds nothing that could act elsewhere. */
class PathFuzzTest {

    /** The arguments of MAIL and RCPT, through the engine. */
    @FuzzTest(maxDuration = "2m")
    void commands(byte[] input) {
        FuzzCase fuzzed = FuzzCase.of(input);
        String argument = new String(fuzzed.octets(), StandardCharsets.ISO_8859_1).replaceAll("[\r\n]", "");
        String session = "EHLO c\r\nMAIL FROM:" + argument + "\r\nRSET\r\nMAIL FROM:<> SMTPUTF8\r\nRCPT TO:" + argument + "\r\nVRFY " + argument + "\r\n";
        FuzzCase agreed = new FuzzCase(0, 0, fuzzed.cut(), session.getBytes(StandardCharsets.ISO_8859_1));
        for (String question : SmtpSessionFuzzTest.sameForAnyCut(agreed, SmtpService.MX).questions()) {
            String path = question.substring(question.indexOf(' ') + 1);
            if (!path.isEmpty() && !path.equals("postmaster")) {
                assertHarmless(Mailbox.parse(path));
            }
        }
    }

    /** The grammar alone, with text of any kind. */
    @FuzzTest(maxDuration = "2m")
    void grammar(byte[] input) {
        String text = new String(input, StandardCharsets.UTF_8);
        AddressParser parser = new AddressParser(text);
        try {
            if (parser.forwardPath() instanceof ForwardPath.Of(var mailbox)) {
                assertHarmless(mailbox);
                assertTrue(parser.position() <= text.length());
            }
        } catch (AddressSyntaxException refused) {
            assertFalse(refused.getMessage().isEmpty());
        }
    }

    private static void assertHarmless(Mailbox mailbox) {
        String written = mailbox.toString();
        assertEquals(mailbox, Mailbox.parse(written));
        assertTrue(written.codePoints().noneMatch(c -> Character.isISOControl(c) || Character.getType(c) == Character.FORMAT), written);
        String canonical = mailbox.canonical();
        // A few letters grow when they become small ones: then it is no longer a mailbox, but still the name of one.
        if (canonical.getBytes(StandardCharsets.UTF_8).length <= written.getBytes(StandardCharsets.UTF_8).length) {
            assertEquals(canonical, Mailbox.parse(canonical).canonical());
        }
        assertFalse(mailbox.canonicalDomain().chars().anyMatch(c -> c > 0x7F), canonical);
        mailbox.withoutSubaddress().ifPresent(base -> assertEquals(base, Mailbox.parse(base.toString())));
    }
}
