package org.postbus.mailbox.imports;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MaildirTarTest {

    private static final List<String> MAILS = List.of("A: b\r\n\r\none\r\n", ".Sent/cur/2 SUB_FOLDER", "A: d\r\n\r\nthree\r\n",
            "new/5 HARD_LINK", "A: f\r\n");

    private final byte[] tar = new TestTar()
            .folder("./").folder("./cur/").folder("./.Sent/").folder("./.Sent/cur/")
            .file("./cur/1:2,S", "A: b\n\none\n").file("./.Sent/cur/2", "A: c\n\ntwo\n").file("./.Sent/dovecot.index.log", "x")
            .file("./new/3", "A: d\r\n\r\nthree\r\n").file("./tmp/4", "A: e\n").hardLink("./new/5", "./.Sent/cur/2")
            .symbolicLink("./new/6", "/etc/passwd").file("./dovecot-uidlist", "3 V1 N2\n")
            .file("./new/" + "7".repeat(200), "A: f\n").octets();

    @Test
    void messagesOfTheInboxComeInTheOrderOfTheTar() throws Exception {
        assertEquals(MAILS, read(tar));
    }

    @Test
    void whereReadsEndMakesNoDifference() throws Exception {
        for (int most : new int[] {1, 7, 511, 512, 513}) {
            assertEquals(MAILS, Octets.messages(new MaildirTar(Octets.trickle(tar, most))));
        }
        for (int place = 0; place < tar.length; place += 37) {
            assertEquals(MAILS, Octets.messages(new MaildirTar(Octets.split(tar, place))));
        }
    }

    /** Wherever it is cut before its end mark, it is said to be broken off; never is a message cut short or nothing said. */
    @Test
    void aTarThatBreaksOffIsNone() {
        int end = tar.length;
        while (tar[end - 1] == 0) {
            end--;
        }
        for (int length = 0; length < end; length++) {
            byte[] cut = Arrays.copyOf(tar, length);
            assertThrows(IOException.class, () -> read(cut), "cut at " + length);
        }
    }

    @Test
    void whatIsNoTarIsNone() {
        for (String text : List.of("", "x", "x".repeat(511), "x".repeat(512), "x".repeat(100_000), "From a Mon Nov 23 12:00:00 2026\n\n")) {
            assertThrows(IOException.class, () -> read(Octets.of(text)), text);
        }
        assertThrows(IOException.class, () -> read(new byte[511]));
    }

    /** Each is a few octets in the tar, and 1 GiB when it is read. */
    @Test
    void aSparseFileIsPassedUnread() throws Exception {
        byte[] data = new byte[20_000];
        for (TestTar sparse : List.of(new TestTar().sparseFile("cur/1", data).sparseFile("tmp/1", data),
                new TestTar().paxSparseFile("cur/1", data).paxSparseFile("tmp/1", data))) {
            byte[] octets = sparse.file("cur/2", "A: b\n").octets();
            assertTimeoutPreemptively(Duration.ofSeconds(5), () -> assertEquals(List.of("cur/1 SPARSE", "A: b\r\n"), read(octets)));
            assertThrows(IOException.class, () -> read(Arrays.copyOf(octets, 15_000)));
            var mail = new MaildirTar(new ByteArrayInputStream(octets)).next().orElseThrow();
            assertEquals(Verdict.Status.REFUSED, mail.decided().orElseThrow().status());
        }
    }

    @Test
    void anEmptyTarIsEmpty() throws Exception {
        assertEquals(List.of(), read(new TestTar().octets()));
    }

    @Test
    void damageEndsInAnAnswerAndNothingElse() {
        Random random = new Random(11);
        for (int round = 0; round < 3000; round++) {
            byte[] damaged = tar.clone();
            for (int i = 1 + random.nextInt(4); i > 0; i--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            }
            try {
                read(damaged);
            } catch (IOException e) {
                assertTrue(e.getMessage() != null);
            }
        }
    }

    /** The header of a name that claims 1 GiB. */
    @Test
    void aNameWithoutAnEndIsNotKept() {
        byte[] header = new TestTar().longName(1L << 30);
        var endless = new java.io.SequenceInputStream(new ByteArrayInputStream(header), new Endless());
        assertTrue(assertThrows(NotAnArchive.class, () -> new MaildirTar(endless).next()).getMessage().contains("headers"));
    }

    private static final class Endless extends java.io.InputStream {
        @Override
        public int read() {
            return 'x';
        }

        @Override
        public int read(byte[] out, int from, int length) {
            Arrays.fill(out, from, from + length, (byte) 'x');
            return length;
        }
    }

    private static List<String> read(byte[] octets) throws IOException {
        return Octets.messages(new MaildirTar(new ByteArrayInputStream(octets)));
    }
}
