package org.postbus.protocol.message;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postbus.protocol.address.ReversePath;

class HeaderCompletionTest {

    private static final String TRACE = "Received: from c\r\n\tby mx;\r\n\tMon, 1 Jan 2026 00:00:00 +0000\r\n";
    private static final String TOP = "Return-Path: <parrt@jguru.com>\r\n" + TRACE;
    private static final String DATE = "Date: Mon, 23 Nov 2026 09:05:00 +0000\r\n";
    private static final String FROM = "From: parrt@jguru.com\r\n";
    private static final String ID = "Message-ID: <0197@mx.example.org>\r\n";

    private static CompletionFacts facts(String reversePath) {
        return new CompletionFacts("0197", "mx.example.org", Instant.parse("2026-11-23T09:05:00Z"),
                ReversePath.parse(reversePath), TRACE, List.of("X-Spam"));
    }

    private static String stored(String mail) {
        byte[] head = mail.getBytes(StandardCharsets.ISO_8859_1);
        Completed completed = HeaderCompletion.complete(head, facts("parrt@jguru.com"));
        return new String(completed.replacement(), StandardCharsets.ISO_8859_1)
                + new String(head, completed.consumed(), head.length - completed.consumed(), StandardCharsets.ISO_8859_1);
    }

    @Test
    void aMailWithoutHeaderIsAllBody() {
        assertEquals(TOP + DATE + FROM + ID + "\r\nhi\r\n", stored("hi\r\n"));
        assertEquals(TOP + DATE + FROM + ID + "\r\n folded: no\r\n", stored(" folded: no\r\n"));
        assertEquals(TOP + DATE + FROM + ID + "\r\n", stored(""));
    }

    @Test
    void aLineThatIsNoFieldEndsTheHeaderSection() {
        assertEquals(TOP + "Subject: foo\r\n" + DATE + FROM + ID + "\r\nhi again\r\n",
                stored("Subject: foo\r\nhi again\r\n"));
        assertEquals(TOP + "Subject: foo\r\n" + DATE + FROM + ID + "\r\n: x\r\n", stored("Subject: foo\r\n: x\r\n"));
    }

    @Test
    void aCompleteMailOnlyGetsTraceFields() {
        String mail = "Date : x\r\nFROM: y\r\nmessage-id:\r\n z\r\nTo: q\r\n\r\nbody\r\n\r\nDate: not a field\r\n";
        assertEquals(TOP + mail, stored(mail));
    }

    @Test
    void theEmptyLineIsInsertedWhereTheMailEndsInItsHeader() {
        assertEquals(TOP + "Subject: foo\r\n" + DATE + FROM + ID + "\r\n", stored("Subject: foo\r\n"));
        assertEquals(TOP + "Subject: foo\r\n" + DATE + FROM + ID + "\r\n", stored("Subject: foo"));
    }

    @Test
    void returnPathIsReplacedAndBccRemoved() {
        assertEquals(TOP + "To: a\r\nCc: b\r\n" + DATE + FROM + ID + "\r\nBcc: stays, it is body\r\n",
                stored("To: a\r\nbCC: c,\r\n\td\r\nCc: b\r\nReturn-path: <evil@x>\r\n\r\nBcc: stays, it is body\r\n"));
    }

    @Test
    void aSignedMailKeepsItsFields() {
        assertEquals(TOP + "DKIM-Signature: v=1\r\nBcc: c\r\n\r\nx\r\n",
                stored("Return-Path: <>\r\nDKIM-Signature: v=1\r\nBcc: c\r\n\r\nx\r\n"));
    }

    @Test
    void theNullReversePathIsTheMailerDaemon() {
        Completed completed = HeaderCompletion.complete(new byte[0], facts(""));
        String text = new String(completed.replacement(), StandardCharsets.ISO_8859_1);
        assertTrue(text.startsWith("Return-Path: <>\r\n"), text);
        assertTrue(text.contains("\r\nFrom: MAILER-DAEMON@mx.example.org\r\n"), text);
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '\0', delimiter = '|', value = {
        "mx.example.org; spf=pass", "MX.Example.Org;dkim=pass", "\\r\\n\\t(a (b) \\)) mx.example.org 1; none", "\"mx.example.org\"; x=y",
        "\"mx\\.example.org\";", "mx.example.org", "mx.example.org/1; x=y"})
    void forgedAuthenticationResultsAreRemoved(String value) {
        String field = "Authentication-results:" + value.replace("\\r", "\r").replace("\\n", "\n").replace("\\t", "\t");
        String added = "Date: x\r\nFrom: y\r\nMessage-ID: z\r\n";
        assertEquals(TOP + added + "\r\nx\r\n", stored(field + "\r\n" + added + "\r\nx\r\n"));
        assertEquals(TOP + "DKIM-Signature: v=1\r\n\r\nx\r\n", stored(field + "\r\nDKIM-Signature: v=1\r\n\r\nx\r\n"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"mx.example.com; spf=pass", "(mx.example.org) other; none", "mx.example.org.evil; x=y", "", "(", "\"", "\"mx\\"})
    void authenticationResultsOfOthersStay(String value) {
        String mail = "Authentication-Results: " + value + "\r\nDate: x\r\nFrom: y\r\nMessage-ID: z\r\n\r\nx\r\n";
        assertEquals(TOP + mail, stored(mail));
    }

    @Test
    void whatAFilterWantsToBeRidOfIsRemoved() {
        assertEquals(TOP + "Date: x\r\nFrom: y\r\nMessage-ID: z\r\n\r\nX-Spam: body\r\n",
                stored("x-SPAM: No\r\nDate: x\r\nFrom: y\r\nX-Spam: maybe\r\nMessage-ID: z\r\n\r\nX-Spam: body\r\n"));
    }

    @ParameterizedTest
    @CsvSource({"'From jones Mon\r\n',0", "'X:\n\r\n\r\ny',7", "'X: a\rb: c\r\n\r\n',13", "'\r\nX: y',2", "'X\u00e4: y\r\n',0",
        "'X : y\r\n',7", "'X: y\r\n \r\n\r\n',11", "'X\0: y\r\n',0"})
    void findsTheEndOfTheHeaderSection(String mail, int consumed) {
        assertEquals(consumed, HeaderCompletion.complete(
                mail.getBytes(StandardCharsets.ISO_8859_1), facts("")).consumed());
    }

    @Test
    void anyOctetsPassAndCompletionIsDeterministic() {
        Random random = new Random(5322);
        byte[] alphabet = "aB:\r\n\r\n \tDate:Bcc:\0\u00ff".getBytes(StandardCharsets.ISO_8859_1);
        for (int i = 0; i < 100_000; i++) {
            byte[] head = new byte[random.nextInt(40)];
            for (int k = 0; k < head.length; k++) {
                head[k] = alphabet[random.nextInt(alphabet.length)];
            }
            byte[] before = head.clone();
            Completed once = HeaderCompletion.complete(head, facts("a@x"));
            Completed again = HeaderCompletion.complete(head, facts("a@x"));
            assertArrayEquals(once.replacement(), again.replacement());
            assertArrayEquals(before, head);
            assertTrue(once.consumed() <= head.length);
            byte[] end = Arrays.copyOfRange(once.replacement(), once.replacement().length - 4, once.replacement().length);
            assertArrayEquals(new byte[] {'\r', '\n', '\r', '\n'}, end);
        }
    }
}
