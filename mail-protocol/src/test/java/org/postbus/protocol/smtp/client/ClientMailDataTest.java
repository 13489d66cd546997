package org.postbus.protocol.smtp.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Mail data on their way from the host to the wire: framing, guards, and large mails in chunks. */
class ClientMailDataTest {

    private static final String PIPELINING = "250-mx\r\n250 PIPELINING\r\n";
    private static final String CHUNKING = "250-mx\r\n250-PIPELINING\r\n250 CHUNKING\r\n";

    private final ClientByHand client = new ClientByHand(TlsWish.NEVER);

    @ParameterizedTest
    @ValueSource(strings = {"a\nb\r\n", "a\rb\r\n", "\n.\n", "\r.\r", "a\r\n.\r", "\n", "\r", "x\r\r\n", "\n\r\n"})
    void aBareLineEndNeverLeaves(String data) {
        for (String announced : List.of(PIPELINING, CHUNKING)) {
            for (int cut = 0; cut < data.length(); cut++) {
                ClientByHand other = new ClientByHand(TlsWish.NEVER);
                StringBuilder written = new StringBuilder(begin(other, announced, data.length()));
                List<Outcome> outcomes = give(other, List.of(data.substring(0, cut), data.substring(cut)), written);
                assertEquals("5.6.0", ClientByHand.permanent(outcomes.getFirst()).status());
                assertEquals(Failure.Scope.MAIL, other.failure().scope());
                assertTrue(written.toString().replace("\r\n", "").chars().noneMatch(c -> c == '\n'), written::toString);
                assertFalse(written.toString().endsWith("\r\n.\r\n"), written::toString);
            }
        }
    }

    private static String begin(ClientByHand client, String announced, int octets) {
        client.greet(announced);
        client.engine.send(ClientByHand.mail(octets, "a@remote.test"));
        String written = client.written();
        client.receive("250 ok\r\n250 ok\r\n" + (announced.equals(CHUNKING) ? "" : "354 go on\r\n"));
        assertInstanceOf(ClientAction.NeedContent.class, client.engine.next());
        return written;
    }

    /** Until outcomes come. */
    private static List<Outcome> give(ClientByHand client, List<String> pieces, StringBuilder written) {
        for (String piece : pieces) {
            client.content(piece);
            ClientAction action = client.engine.next();
            for (; action instanceof ClientAction.Write write; action = client.engine.next()) {
                written.append(ClientByHand.text(write));
            }
            if (action instanceof ClientAction.Outcomes ended) {
                return ended.outcomes();
            }
        }
        throw new AssertionError("it left: " + written);
    }

    @Test
    void noMoreContentThanAskedFor() {
        client.greet(PIPELINING);
        assertThrows(IllegalStateException.class, () -> client.content("x"));
        client.engine.send(ClientByHand.mail(2, "a@remote.test"));
        client.written();
        assertThrows(IllegalStateException.class, () -> client.content("x"));
        client.receive("250 ok\r\n250 ok\r\n354 go on\r\n");
        assertEquals(2, ((ClientAction.NeedContent) client.engine.next()).atMost());
        assertThrows(IllegalArgumentException.class, () -> client.content("\r\n\r\n"));
        assertThrows(IllegalStateException.class, client.engine::quit);
        assertThrows(IllegalStateException.class, client.engine::check);
        assertThrows(IllegalStateException.class, client.engine::tlsStarted);
    }

    @Test
    void aMailThatCannotBeReadToItsEndIsNotEnded() {
        client.greet(PIPELINING);
        client.engine.send(ClientByHand.mail(4, "a@remote.test"));
        client.written();
        client.receive("250 ok\r\n250 ok\r\n354 go on\r\n");
        client.engine.next();
        client.content("\r\n");
        assertEquals("\r\n", client.written());
        client.engine.contentFailed("database is away");
        Failure why = ClientByHand.temporary(client.outcomes().getFirst());
        assertEquals("4.3.0", why.status());
        assertFalse(why.uncertain());
        assertEquals(Failure.Scope.MAIL, client.failure().scope());
    }

    @Test
    void twoChunksAreOnTheirWayAtMost() {
        byte[] data = line(OutboundTransaction.CHUNK * 3 + 10);
        client.greet(CHUNKING);
        client.engine.send(ClientByHand.mail(data.length, "a@remote.test"));
        assertEquals("MAIL FROM:<>\r\nRCPT TO:<a@remote.test>\r\n", client.written());
        client.receive("250 ok\r\n250 ok\r\n");
        assertEquals("BDAT 262144\r\n", client.written());
        int given = give(data, 0);
        assertEquals("BDAT 262144\r\n", client.written());
        given = give(data, given);
        assertEquals(SmtpTimeouts.DATA_BLOCK, client.awaited());
        client.receive("250 ok\r\n");
        assertEquals("BDAT 262144\r\n", client.written());
        given = give(data, given);
        client.receive("250 ok\r\n");
        assertEquals("BDAT 10 LAST\r\n", client.written());
        given = give(data, given);
        assertEquals(data.length, given);
        client.receive("250 ok\r\n250 taken\r\n");
        assertInstanceOf(Outcome.Relayed.class, client.outcomes().getFirst());
    }

    @Test
    void aRefusedChunkIsTheLast() {
        byte[] data = line(OutboundTransaction.CHUNK * 4);
        client.greet(CHUNKING);
        client.engine.send(ClientByHand.mail(data.length, "a@remote.test"));
        client.written();
        client.receive("250 ok\r\n250 ok\r\n");
        client.written();
        int given = give(data, 0);
        client.written();
        give(data, given);
        client.receive("552 5.3.4 large\r\n");
        assertInstanceOf(ClientAction.NeedInput.class, client.engine.next());
        client.receive("503 no\r\n");
        assertEquals("5.3.4", ClientByHand.permanent(client.outcomes().getFirst()).status());
        assertEquals("RSET\r\n", client.written());
        client.receive("250 ok\r\n");
        assertInstanceOf(ClientAction.Ready.class, client.engine.next());
    }

    private int give(byte[] data, int from) {
        int atMost = ((ClientAction.NeedContent) client.engine.next()).atMost();
        client.engine.content(data, from, atMost);
        var write = (ClientAction.Write) client.engine.next();
        assertSame(data, write.octets());
        assertEquals(atMost, write.length());
        return from + atMost;
    }

    private static byte[] line(int octets) {
        byte[] data = new byte[octets];
        Arrays.fill(data, (byte) 'x');
        data[octets - 2] = '\r';
        data[octets - 1] = '\n';
        return data;
    }

    @Test
    void dataWithoutALastLineEndGetOne() {
        client.greet(PIPELINING);
        client.engine.send(ClientByHand.mail(1, "a@remote.test"));
        client.written();
        client.receive("250 ok\r\n250 ok\r\n354 go on\r\n");
        client.engine.next();
        client.content("x");
        assertEquals("x\r\n.\r\n", client.written());
    }

    @Test
    void chunksAreSentAsTheyAre() {
        client.greet(CHUNKING);
        client.engine.send(ClientByHand.mail(3, "a@remote.test"));
        client.written();
        client.content("..x");
        assertEquals("..x", client.written());
        assertEquals(SmtpTimeouts.MAIL, client.awaited());
    }
}
