package org.postbus.systemtest.threats;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.postbus.protocol.transcript.LineSocket;

/** A client that means no good: octets as they are, and no end of a connection that would surprise it. */
final class Wire implements AutoCloseable {

    private static final int WRITES = 4;

    private final LineSocket socket;

    private Wire(String source, int port) throws IOException {
        socket = new LineSocket(new InetSocketAddress(source, 0), new InetSocketAddress("127.0.0.1", port));
    }

    /** Nothing is read yet. */
    static Wire to(int port) throws IOException {
        return new Wire("127.0.0.1", port);
    }

    /** From another address of this machine: what counts as a client of its own. */
    static Wire from(String source, int port) throws IOException {
        return new Wire(source, port);
    }

    /** An SMTP session behind its EHLO. */
    static Wire greeted(int port) throws IOException {
        return to(port).greet();
    }

    Wire greet() throws IOException {
        expect("220", reply());
        expect("250", ask("EHLO client.test"));
        return this;
    }

    /** Under TLS from now on. */
    Wire handshake() throws IOException {
        socket.handshake();
        return this;
    }

    /** Ends TLS in this direction. */
    void closeNotify() throws IOException {
        socket.closeNotify();
    }

    Wire silentAtMost(int millis) throws IOException {
        socket.silentAtMost(millis);
        return this;
    }

    Wire send(String text) throws IOException {
        return send(LineSocket.octets(text));
    }

    /** What the server said before it closed can still be read, so a close is no error here. */
    Wire send(byte[] octets) throws IOException {
        try {
            socket.send(octets);
        } catch (SocketException closedByServer) {
            // reply() tells.
        }
        return this;
    }

    /** Reads one reply that has to be so. */
    Wire alsoRead(String right) throws IOException {
        expect(right, reply());
        return this;
    }

    /** Whether the octets went out. */
    boolean offer(byte[] octets) {
        try {
            socket.send(octets);
            return true;
        } catch (IOException closedByServer) {
            return false;
        }
    }

    /** In a few writes, cut anywhere. */
    Wire sendCut(String text, Random random) throws IOException {
        int at = 0;
        for (int n = random.nextInt(WRITES); n > 0 && at < text.length(); n--) {
            int to = at + 1 + random.nextInt(text.length() - at);
            send(text.substring(at, to));
            at = to;
        }
        return send(text.substring(at));
    }

    String ask(String line) throws IOException {
        send(line + "\r\n");
        return reply();
    }

    /** The last line of the next reply, or a line of POP3; empty at the end of the connection. */
    String reply() throws IOException {
        String line;
        do {
            line = line();
        } while (line.matches("[2-5][0-9][0-9]-.*"));
        return line;
    }

    /** All replies to the end of the connection. */
    List<String> replies() throws IOException {
        List<String> replies = new ArrayList<>();
        for (String reply = reply(); !reply.isEmpty(); reply = reply()) {
            replies.add(reply);
        }
        return replies;
    }

    /** The next line as it is; empty at the end of the connection. */
    String line() throws IOException {
        try {
            return socket.line();
        } catch (SocketException reset) {
            return "";
        }
    }

    /** The next octets, or none where the peer is silent for the time that was set. */
    String heard() throws IOException {
        byte[] buffer = new byte[4096];
        try {
            int count = socket.read(buffer);
            return count < 0 ? "closed" : new String(Arrays.copyOf(buffer, count), StandardCharsets.ISO_8859_1);
        } catch (SocketTimeoutException silent) {
            return "";
        } catch (IOException reset) {
            return "closed";
        }
    }

    /** From MAIL to the 354, for one recipient. */
    Wire startMail(String reversePath, String forwardPath) throws IOException {
        expect("250", ask("MAIL FROM:<" + reversePath + ">"));
        expect("250", ask("RCPT TO:<" + forwardPath + ">"));
        expect("354", ask("DATA"));
        return this;
    }

    static void expect(String code, String reply) {
        LineSocket.expect(code, reply);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
