package org.postbus.benchmarks.remote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SinkTest {

    private static final String EHLO = "250-sink.test\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-SIZE 104857600\r\n"
            + "250 ENHANCEDSTATUSCODES\r\n";
    private static final String OK = "250 2.0.0 OK\r\n";

    private Elsewhere elsewhere;

    @BeforeEach
    void open() throws IOException {
        elsewhere = Elsewhere.open();
    }

    @AfterEach
    void close() throws IOException {
        elsewhere.close();
    }

    /** What it answers to all that, said in pieces of so many octets, until it closes the connection. */
    private String answers(String said, int piece) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), elsewhere.domains().getFirst().port())) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(10_000);
            byte[] octets = said.getBytes(StandardCharsets.US_ASCII);
            for (int from = 0; from < octets.length; from += piece) {
                socket.getOutputStream().write(octets, from, Math.min(piece, octets.length - from));
            }
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    private static String mail(String data) {
        return "MAIL FROM:<a@load.test>\r\nRCPT TO:<b@sink0.test>\r\nDATA\r\n" + data;
    }

    @Test
    void takesMailAfterMailHoweverItIsCut() throws IOException {
        String first = "Subject: x\r\n\r\n..\r\n. \r\n\r\n.x\r\n\r.\r\n\n.\r\nend\r\n.\r\n";
        String said = "EHLO a\r\n" + mail(first) + "RSET\r\n" + mail("short\r\n.\r\n") + "QUIT\r\n";
        String taken = OK + OK + "354 go ahead\r\n" + OK;
        for (int piece : new int[] {1, 2, 3, 4, 5, 6, 7, 11, 13, 1000}) {
            long mails = elsewhere.sink().mails();
            long octets = elsewhere.sink().octets();
            assertEquals("220 sink.test ESMTP\r\n" + EHLO + taken + OK + taken + "221 2.0.0 bye\r\n", answers(said, piece));
            assertEquals(2, elsewhere.sink().mails() - mails);
            assertEquals(first.length() + "short\r\n.\r\n".length(), elsewhere.sink().octets() - octets);
        }
    }

    @Test
    void findsTheEndWhereverItStands() throws IOException {
        StringBuilder said = new StringBuilder();
        for (int length = 0; length < 20; length++) {
            said.append(mail("x".repeat(length) + "\r\n.\r\n"));
        }
        assertTrue(answers(said + "QUIT\r\n", 100_000).endsWith("221 2.0.0 bye\r\n"));
        assertEquals(20, elsewhere.sink().mails());
    }

    @Test
    void aMailOfNothingIsOne() throws IOException {
        assertTrue(answers(mail(".\r\n") + "QUIT\r\n", 1000).endsWith("354 go ahead\r\n" + OK + "221 2.0.0 bye\r\n"));
        assertEquals(3, elsewhere.sink().octets());
    }

    @Test
    void findsTheEndOfAMailThatIsLargerThanItsBuffer() throws IOException {
        String data = "0123456789012345678901234567890123456789\r\n".repeat(5000) + ".\r\n";
        answers(mail(data) + mail(data) + "QUIT\r\n", 10_007);
        assertEquals(2, elsewhere.sink().mails());
        assertEquals(2 * data.length(), elsewhere.sink().octets());
    }

    @Test
    void tellsHowLongAMailWithItsMomentWasUnderWay() throws IOException {
        long second = System.nanoTime() - 1_000_000_000L;
        String recipient = Sink.recipient(second, "sink0.test");
        answers("MAIL FROM:<>\r\nRCPT TO:<" + recipient + ">\r\nDATA\r\nx\r\n.\r\nQUIT\r\n", 1000);
        var latency = elsewhere.sink().takeLatency();
        assertEquals(1, latency.getTotalCount());
        assertTrue(latency.getMaxValue() >= 999_000, () -> latency.getMaxValue() + " microseconds");
        answers(mail("x\r\n.\r\n") + "QUIT\r\n", 1000);
        assertEquals(0, elsewhere.sink().takeLatency().getTotalCount());
    }

    @Test
    void nobodyAnswersAtTheDeadPorts() throws IOException {
        for (Elsewhere.Domain dead : elsewhere.deadDomains()) {
            assertThrows(ConnectException.class, () -> new Socket(dead.host(), dead.port()).close());
        }
    }
}
