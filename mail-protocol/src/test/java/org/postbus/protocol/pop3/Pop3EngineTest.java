package org.postbus.protocol.pop3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.postbus.protocol.sasl.Credentials;

class Pop3EngineTest {

    private static final byte[] MESSAGE = "Subject: x\r\n\r\nhi\r\n".getBytes(StandardCharsets.US_ASCII);

    private final Pop3Engine engine = new Pop3Engine(EnginePeer.POLICY, false);

    @Test
    void listCountsTheOctetsThatRetrSendsWithoutFraming() {
        open(120, 200);
        assertEquals("+OK 2 320\r\n", say("STAT"));
        assertEquals("+OK 2 messages (320 octets)\r\n1 120\r\n2 200\r\n.\r\n", say("LIST"));
        assertEquals("+OK message 1 deleted\r\n", say("DELE 1"));
        assertEquals("+OK 1 200\r\n", say("STAT"));
        assertEquals("+OK 1 message (200 octets)\r\n2 200\r\n.\r\n", say("LIST"));
        assertEquals("+OK 2 200\r\n", say("LIST 2"));
        assertEquals("+OK 2 messages (320 octets)\r\n", say("RSET"));
    }

    @Test
    void aQuestionHoldsBackWhatWasPipelined() {
        open(MESSAGE.length);
        engine.receive("RETR 1\r\nNOOP\r\n".getBytes(StandardCharsets.US_ASCII));
        Action.FetchMessage fetch = assertInstanceOf(Action.FetchMessage.class, engine.next());
        assertTrue(fetch.whole());
        assertInstanceOf(Action.NeedAnswer.class, engine.next());
        engine.contentBegins();
        engine.content(MESSAGE.clone());
        engine.contentEnds();
        assertEquals("+OK " + MESSAGE.length + " octets\r\nSubject: x\r\n\r\nhi\r\n.\r\n+OK\r\n", drain());
    }

    @Test
    void topStopsTheContentOnceItHasEnough() {
        open(MESSAGE.length);
        say("TOP 1 0");
        engine.contentBegins();
        engine.content(MESSAGE.clone());
        assertEquals("+OK\r\nSubject: x\r\n\r\n.\r\n", send());
        assertInstanceOf(Action.StopContent.class, engine.next());
        engine.content(new byte[10]);
        assertEquals("+OK\r\n", say("NOOP"));
    }

    @Test
    void contentThatBreaksOffClosesWithoutTheFinalDot() {
        open(MESSAGE.length);
        say("RETR 1");
        engine.contentBegins();
        engine.content("Subject: x\r\n".getBytes(StandardCharsets.US_ASCII));
        engine.contentBroken();
        assertEquals("+OK " + MESSAGE.length + " octets\r\nSubject: x\r\n", send());
        assertInstanceOf(Action.Close.class, engine.next());
    }

    @Test
    void contentOfAnotherSizeThanListedClosesWithoutTheFinalDot() {
        for (int difference : new int[] {-1, 1}) {
            Pop3Engine other = opened(MESSAGE.length + difference);
            other.receive("RETR 1\r\n".getBytes(StandardCharsets.US_ASCII));
            other.next();
            other.contentBegins();
            other.content(MESSAGE.clone());
            other.contentEnds();
            assertFalse(new String(((Action.Send) other.next()).octets(), StandardCharsets.US_ASCII).endsWith("\r\n.\r\n"));
            assertInstanceOf(Action.Close.class, other.next());
        }
    }

    @Test
    void contentThatCannotBeHadIsAnError() {
        open(MESSAGE.length);
        say("RETR 1");
        engine.contentRefused(Refusal.TEMPORARY);
        assertEquals("-ERR [SYS/TEMP] not possible now, try again later\r\n", drain());
        say("RETR 1");
        engine.contentBroken();
        assertEquals("-ERR [SYS/TEMP] not possible now, try again later\r\n", drain());
        assertEquals("+OK\r\n", say("NOOP"));
    }

    @Test
    void quitAsksForTheUpdateAndAnswersWithItsOutcome() {
        Snapshot snapshot = open(1, 2, 3);
        say("DELE 3");
        say("DELE 1");
        engine.receive("QUIT\r\nNOOP\r\n".getBytes(StandardCharsets.US_ASCII));
        assertEquals(new Action.UpdateMaildrop(List.of(snapshot.mailId(1), snapshot.mailId(3))), engine.next());
        engine.notUpdated();
        assertEquals("-ERR [SYS/TEMP] the maildrop could not be updated\r\n", send());
        assertInstanceOf(Action.Close.class, engine.next());
    }

    @Test
    void otherRefusalsThanCredentialsCostNoTimeAndHaveTheirOwnCode() {
        send();
        login("x");
        engine.notOpened(Refusal.IN_USE);
        assertTrue(drain().startsWith("-ERR [IN-USE] "));
        login("x");
        engine.notOpened(Refusal.TEMPORARY);
        assertTrue(drain().startsWith("-ERR [SYS/TEMP] "));
        login("x");
        engine.opened(snapshot(5));
        assertEquals("+OK 1 message (5 octets)\r\n", drain());
    }

    @Test
    void eachRefusedLoginWaitsTwiceAsLong() {
        send();
        for (int seconds : new int[] {1, 2, 4}) {
            login("wrong");
            engine.notOpened(Refusal.CREDENTIALS);
            assertEquals(new Action.Wait(Duration.ofSeconds(seconds)), engine.next());
            assertInstanceOf(Action.NeedAnswer.class, engine.next());
            engine.waited();
            assertEquals("-ERR [AUTH] wrong name or password\r\n", send());
        }
        assertInstanceOf(Action.Close.class, engine.next());
    }

    @Test
    void inClearTextNoLoginIsJudgedWhereThePolicyForbidsIt() {
        Pop3Engine strict = new Pop3Engine(new Pop3Policy("h", false, false, Duration.ofSeconds(1), 1), false);
        strict.receive("USER a\r\nPASS b\r\nCAPA\r\n".getBytes(StandardCharsets.US_ASCII));
        String said = new String(((Action.Send) strict.next()).octets(), StandardCharsets.US_ASCII);
        assertTrue(said.startsWith("+OK h POP3 server ready\r\n-ERR [AUTH] "), said);
        assertFalse(said.contains("\r\nUSER\r\n"), said);
        assertInstanceOf(Action.NeedOctets.class, strict.next());
    }

    @Test
    void deletionsAreBounded() {
        Pop3Engine bounded = new Pop3Engine(new Pop3Policy("h", false, true, Duration.ZERO, 1), false);
        bounded.receive("USER a\r\nPASS b\r\nDELE 1\r\nDELE 2\r\nSTAT\r\n".getBytes(StandardCharsets.US_ASCII));
        bounded.next();
        bounded.next();
        bounded.opened(snapshot(5, 6));
        String said = new String(((Action.Send) bounded.next()).octets(), StandardCharsets.US_ASCII);
        assertTrue(said.contains("+OK message 1 deleted\r\n-ERR [SYS/TEMP] "), said);
        assertTrue(said.endsWith("+OK 1 6\r\n"), said);
    }

    @Test
    void aHundredThousandMessagesAreListedInPieces() {
        long[] sizes = new long[100_000];
        Snapshot snapshot = open(sizes);
        engine.receive("LIST\r\nUIDL\r\n".getBytes(StandardCharsets.US_ASCII));
        StringBuilder said = new StringBuilder();
        while (engine.next() instanceof Action.Send(byte[] octets)) {
            assertTrue(octets.length < Pop3Engine.PIECE_OCTETS + 600, "a piece of " + octets.length);
            said.append(new String(octets, StandardCharsets.US_ASCII));
        }
        assertTrue(said.toString().endsWith("100000 " + snapshot.mailId(100_000) + "\r\n.\r\n"));
        assertEquals(200_004, said.chars().filter(c -> c == '\n').count());
    }

    @Test
    void thePasswordIsNotPrinted() {
        assertFalse(new Action.OpenMaildrop(new Credentials("a", "canary"), false).toString().contains("canary"));
    }

    @Test
    void answersNobodyAskedForAreErrorsOfTheHost() {
        assertThrows(IllegalStateException.class, engine::updated);
        assertThrows(IllegalStateException.class, () -> engine.opened(snapshot()));
        assertThrows(IllegalArgumentException.class, () -> new Snapshot(new byte[23]));
    }

    /** Random octets of a client, randomly cut: one response per command, never an exception, never a deletion. */
    @Test
    void anyInputGetsResponsesAndDoesNoHarm() {
        String[] words = {"USER", "PASS", "RETR", "DELE", "LIST", "TOP", "UIDL", "RSET", " ", " ", "1", "2", "0", "\r\n", "\r\n",
            "\n", "\r", "\0", "\u00e9", "NOOP", "{", "x", "-1", "CAPA"};
        for (long seed = 0; seed < 3_000; seed++) {
            Random random = new Random(seed);
            EnginePeer peer = new EnginePeer(new TestMaildrop().account("a", "b").add("a", MESSAGE).add("a", MESSAGE),
                    EnginePeer.POLICY, 7);
            peer.send("USER a\r\nPASS b\r\n".getBytes(StandardCharsets.US_ASCII));
            for (int i = 0; i < 100; i++) {
                peer.send(words[random.nextInt(words.length)].getBytes(StandardCharsets.ISO_8859_1));
            }
        }
    }

    private Snapshot open(long... sizes) {
        drain();
        login("b");
        Snapshot snapshot = snapshot(sizes);
        engine.opened(snapshot);
        drain();
        return snapshot;
    }

    private void login(String password) {
        say("USER a");
        engine.receive(("PASS " + password + "\r\n").getBytes(StandardCharsets.US_ASCII));
        assertEquals(new Action.OpenMaildrop(new Credentials("a", password), false), engine.next());
    }

    private static Pop3Engine opened(long size) {
        Pop3Engine engine = new Pop3Engine(EnginePeer.POLICY, false);
        engine.receive("USER a\r\nPASS b\r\n".getBytes(StandardCharsets.US_ASCII));
        engine.next();
        engine.next();
        engine.opened(snapshot(size));
        engine.next();
        return engine;
    }

    private static Snapshot snapshot(long... sizes) {
        ByteBuffer entries = ByteBuffer.allocate(sizes.length * Snapshot.ENTRY_OCTETS);
        for (long size : sizes) {
            UUID id = UUID.randomUUID();
            entries.putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits()).putLong(size);
        }
        return new Snapshot(entries.array());
    }

    private String say(String command) {
        engine.receive((command + "\r\n").getBytes(StandardCharsets.US_ASCII));
        return drain();
    }

    /** One piece. */
    private String send() {
        return new String(((Action.Send) engine.next()).octets(), StandardCharsets.US_ASCII);
    }

    /** Every piece up to another action, which is lost. */
    private String drain() {
        StringBuilder said = new StringBuilder();
        while (engine.next() instanceof Action.Send(byte[] octets)) {
            said.append(new String(octets, StandardCharsets.US_ASCII));
        }
        return said.toString();
    }
}
