package org.postbus.mailbox.imports;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class MboxTest {

    private static final String FROM = "From alice@example.org Mon Nov 23 12:00:00 2026\n";

    static Stream<Arguments> grammar() {
        return Stream.of(
                row("nothing at all", ""),
                row("empty lines alone", "\n\r\n\n"),
                row("one message, its last empty line is the mbox's", FROM + "A: b\n\nhi\n\n", "A: b\r\n\r\nhi\r\n"),
                row("no empty line at the end", FROM + "A: b\n\nhi\n", "A: b\r\n\r\nhi\r\n"),
                row("no line end at the end", FROM + "A: b\n\nhi", "A: b\r\n\r\nhi\r\n"),
                row("two messages", FROM + "A: b\n\none\n\n" + FROM + "A: c\n\ntwo\n\n", "A: b\r\n\r\none\r\n", "A: c\r\n\r\ntwo\r\n"),
                row("line ends of CRLF", (FROM + "A: b\n\none\n\n" + FROM + "A: c\n\ntwo\n\n").replace("\n", "\r\n"),
                        "A: b\r\n\r\none\r\n", "A: c\r\n\r\ntwo\r\n"),
                row("empty lines before the first", "\n\n" + FROM + "A: b\n\nhi\n", "A: b\r\n\r\nhi\r\n"),
                row("of several empty lines one is the mbox's", FROM + "A: b\n\nhi\n\n\n\n" + FROM + "C: d\n",
                        "A: b\r\n\r\nhi\r\n\r\n\r\n", "C: d\r\n"),
                row("a header section alone", FROM + "A: b\n\n" + FROM + "C: d\n\n", "A: b\r\n", "C: d\r\n"),
                row("a message of nothing", FROM + "\n" + FROM + "C: d\n", "", "C: d\r\n"),
                row("a separator without a message", FROM, ""),
                row("quoted once", FROM + "A: b\n\n>From here\n", "A: b\r\n\r\nFrom here\r\n"),
                row("quoted often", FROM + "A: b\n\n>>>From here\n", "A: b\r\n\r\n>>From here\r\n"),
                row("quoted in the first line", FROM + ">From here\n", "From here\r\n"),
                row("quoted before the end", FROM + "A: b\n\n>From", "A: b\r\n\r\n>From\r\n"),
                row("not quoted: no blank behind From", FROM + "A: b\n\n>From: x\n>Fromage\n>from a\n > From\n",
                        "A: b\r\n\r\n>From: x\r\n>Fromage\r\n>from a\r\n > From\r\n"),
                row("a separator needs an empty line before it", FROM + "A: b\n\nhi\n" + FROM + "C: d\n",
                        "A: b\r\n\r\nhi\r\n" + FROM.replace("\n", "\r\n") + "C: d\r\n"),
                row("a sentence is no separator", FROM + "A: b\n\nhi\n\nFrom here on it is dark.\n\nFrom 12:30 too.\n",
                        "A: b\r\n\r\nhi\r\n\r\nFrom here on it is dark.\r\n\r\nFrom 12:30 too.\r\n"),
                row("separators of other writers", "From - Sat Jan  3 01:05:34 1998\nA: b\n\n\n"
                        + "From MAILER-DAEMON Sat Jan  3 01:05 1998\nA: c\n\n\nFrom a@b Sat Jan  3 01:05:34 EST 1998\nA: d\n\n\n"
                        + "From a@b Sat Jan  3 01:05:34 1998 +0100\nA: e\n\n\nFrom \"a b\"@c Sat, 3 Jan 1998 1:05:34 +0000\nA: f\n\n",
                        "A: b\r\n\r\n", "A: c\r\n\r\n", "A: d\r\n\r\n", "A: e\r\n\r\n", "A: f\r\n"),
                row("a line that is too long for a separator", FROM + "A: b\n\nhi\n\nFrom " + "x".repeat(2000) + FROM.substring(4),
                        "A: b\r\n\r\nhi\r\n\r\nFrom " + "x".repeat(2000) + FROM.substring(4).replace("\n", "\r\n")),
                row("octets that are no text", FROM + "A: \0\377\r\r\n\n.\n..\n", "A: \0\377\r\n\r\n\r\n.\r\n..\r\n"),
                row("long lines", FROM + "A: b\n\n" + "x".repeat(200_000) + "\n\n" + FROM + "y".repeat(70_000) + "\n",
                        "A: b\r\n\r\n" + "x".repeat(200_000) + "\r\n", "y".repeat(70_000) + "\r\n"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("grammar")
    void isReadAs(String name, String mbox, List<String> messages) throws Exception {
        assertEquals(messages, read(mbox));
        assertEquals(messages, Octets.messages(new Mbox(Octets.trickle(Octets.of(mbox), 1))));
        assertEquals(messages, Octets.messages(new Mbox(Octets.trickle(Octets.of(mbox), 999))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a@b Sat Jan  3 01:05:34 1998", "a@b Sat Jan 03 1:05 1998", "a@b Sat Jan  3 01:05:34 1998 ", "Sat Jan  3 01:05:34 1998",
        "- Sat Jan  3 01:05:34 1998", "???@??? Sat Jan  3 01:05:34 1998", "a@b  Sat Jan  3 01:05:34 MET DST 1998",
        "1487@xxx Sat Jan 03 01:05:34 +0000 1998", "a@b Sat Jan  3 01:05:34 1998 -0500", "a@b Sat Jan  3 01:05:34 1998 CET",
        "a Sat Jan  3 01:05 EST 1998 remote from host", "a Sat Jan  3 01:05:34 1998 +0100 remote from host!b",
        "a@b Sat, 3 Jan 1998 01:05:34 +0000", "a@b Sat,  3 Jan 1998 01:05:34 GMT", "a@b Sat, 03 Jan 1998 01:05"})
    void aDateAtTheEndOfTheLineMakesASeparator(String text) throws Exception {
        for (String end : List.of("\n", "\r\n")) {
            assertEquals(List.of("A: b\r\n", "C: d\r\n"), read(FROM + "A: b\n\nFrom " + text + end + "C: d\n"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"the minutes of 5 May 2021, 10:30 on, we learn that", "10:30 on in 2021", "Wed May  5 10:30:00 2021 on we learn",
        "Wed, 5 May 2021 10:30:00 +0200 on, we learn", "May 5 10:30 2021", "5 May 2021 10:30:00 +0200", "Wed to Fri, 10:30 2021",
        "Wed May  5 2021", "Wed Mai  5 10:30:00 2021", "Wed May  5 10:30:00 2021.", "a@b Wednesday May  5 10:30:00 2021",
        "a@bWed May  5 10:30:00 2021", "Wed May  5 10:30:00 3021", "a@b 2021-05-05 10:30:00"})
    void proseIsNoSeparator(String text) throws Exception {
        assertEquals(List.of("A: b\r\n\r\nFrom " + text + "\r\nC: d\r\n"), read(FROM + "A: b\n\nFrom " + text + "\nC: d\n"));
    }

    /** The same for every split of the octets in two and in three: of the table's rows, and of random ones. */
    @Test
    void whereReadsEndMakesNoDifference() throws Exception {
        List<String> rows = grammar().map(row -> (String) row.get()[1]).filter(mbox -> mbox.length() < 500).toList();
        for (String mbox : rows) {
            byte[] octets = Octets.of(mbox);
            List<String> whole = read(mbox);
            for (int place = 0; place <= octets.length; place++) {
                assertEquals(whole, Octets.messages(new Mbox(Octets.split(octets, place))), mbox + " split at " + place);
            }
        }
        Random random = new Random(27);
        for (int round = 0; round < 300; round++) {
            String mbox = random(random);
            byte[] octets = Octets.of(mbox);
            List<String> whole = read(mbox);
            for (int first = 0; first <= octets.length; first++) {
                int second = first + random.nextInt(octets.length - first + 1);
                assertEquals(whole, Octets.messages(new Mbox(Octets.split(octets, first, second))), mbox);
            }
        }
    }

    /** What a writer of mboxrd writes is what is read, whatever the lines are. */
    @Test
    void whatMboxrdWritesIsReadBack() throws Exception {
        Random random = new Random(5);
        for (int round = 0; round < 3000; round++) {
            List<String> mails = Stream.generate(() -> lines(random)).limit(1 + random.nextInt(4)).toList();
            StringBuilder mbox = new StringBuilder();
            for (String mail : mails) {
                mbox.append(FROM).append(mail.replaceAll("(?m)^(>*From )", ">$1")).append('\n');
            }
            assertEquals(mails.stream().map(mail -> mail.replace("\n", "\r\n")).toList(), read(mbox.toString()));
        }
    }

    /** Messages that are not read to their end, as those that are refused, change nothing for the next. */
    @Test
    void aMessageNeedsNotBeRead() throws Exception {
        Mbox mbox = new Mbox(new ByteArrayInputStream(Octets.of(FROM + "A: b\n\none\n\n" + FROM + "A: c\n\n>From two\n\n" + FROM + "x\n")));
        mbox.next().orElseThrow().octets().read();
        mbox.next().orElseThrow();
        assertEquals("x\n", Octets.text(mbox.next().orElseThrow().octets().readAllBytes()));
        assertEquals(true, mbox.next().isEmpty());
        assertEquals(true, mbox.next().isEmpty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"A: b\n\nhi\n", "From here\n", " " + FROM, ">" + FROM, "\0", "\037\213gzip",
        "From alice@example.org Mon Nov 23 12:00:00 2026"})
    void whatBeginsWithoutASeparatorIsNone(String octets) {
        assertThrows(NotAnArchive.class, () -> read(octets));
    }

    @Test
    void aStreamThatBreaksOffIsNoEnd() throws Exception {
        byte[] octets = Octets.of(FROM + "A: b\n\none\n\n" + FROM + "A: c\n\n" + "two\n".repeat(500));
        Mbox mbox = new Mbox(new BrokenOff(octets));
        assertEquals("A: b\n\none\n", Octets.text(mbox.next().orElseThrow().octets().readAllBytes()));
        ArchivedMail second = mbox.next().orElseThrow();
        assertThrows(IOException.class, () -> second.octets().readAllBytes());
    }

    private static String lines(Random random) {
        String[] lines = {"", "", "a", "From a", ">From b", ">>From " + FROM.strip(), FROM.strip(), "From", ">", "From: x", " From x"};
        StringBuilder text = new StringBuilder("A: b\n\n");
        for (int i = random.nextInt(6); i > 0; i--) {
            text.append(lines[random.nextInt(lines.length)]).append('\n');
        }
        return text.toString();
    }

    private static String random(Random random) {
        String[] pieces = {"\n", "\n", "\r\n", "\r", "a", ">", ">From ", "From ", FROM, "\n" + FROM, "12:00 2026"};
        StringBuilder text = new StringBuilder(FROM);
        for (int i = random.nextInt(8); i > 0; i--) {
            text.append(pieces[random.nextInt(pieces.length)]);
        }
        return text.toString();
    }

    private static Arguments row(String name, String mbox, String... messages) {
        return Arguments.of(name, mbox, List.of(messages));
    }

    private static List<String> read(String mbox) throws IOException {
        return Octets.messages(new Mbox(new ByteArrayInputStream(Octets.of(mbox))));
    }
}
