package org.postbus.smtpgateway;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.UUID;
import javax.net.ssl.SSLSession;
import org.postbus.protocol.transcript.LineSocket;

/** A bare SMTP client that sends what it is told, and reads replies. */
final class Client implements AutoCloseable {

    private final LineSocket socket;

    Client(InetSocketAddress server) throws IOException {
        socket = new LineSocket(server);
    }

    /** Under TLS from now on. */
    Client handshake() throws IOException {
        socket.handshake();
        return this;
    }

    /** Ends TLS in this direction, and sends no more. */
    void closeNotify() throws IOException {
        socket.closeNotify();
    }

    SSLSession tls() {
        return socket.tls();
    }

    /** How long a read waits. */
    void timeout(int millis) throws IOException {
        socket.silentAtMost(millis);
    }

    Client send(String text) throws IOException {
        return send(LineSocket.octets(text));
    }

    Client send(byte[] octets) throws IOException {
        socket.send(octets);
        return this;
    }

    /** Sends a line and returns the last line of the reply. */
    String ask(String line) throws IOException {
        send(line + "\r\n");
        return reply();
    }

    /** The last line of the next reply; empty at the end of the connection. */
    String reply() throws IOException {
        String line;
        do {
            line = socket.line();
        } while (line.length() > 3 && line.charAt(3) == '-');
        return line;
    }

    /** The reply to a login. */
    String logIn(String name, String password) throws IOException {
        byte[] plain = ("\0" + name + "\0" + password).getBytes(StandardCharsets.UTF_8);
        return ask("AUTH PLAIN " + Base64.getEncoder().encodeToString(plain));
    }

    /** From the greeting to the 354. */
    Client startMail(String reversePath, String... forwardPaths) throws IOException {
        expect("220", reply());
        expect("250", ask("EHLO client.test"));
        return nextMail(reversePath, forwardPaths);
    }

    /** From MAIL to the 354. */
    Client nextMail(String reversePath, String... forwardPaths) throws IOException {
        expect("250", ask("MAIL FROM:<" + reversePath + ">"));
        for (String path : forwardPaths) {
            expect("250", ask("RCPT TO:<" + path + ">"));
        }
        expect("354", ask("DATA"));
        return this;
    }

    /** Sends the dot and returns the id of the accepted mail. */
    UUID endMail() throws IOException {
        String reply = ask(".");
        expect("250", reply);
        return UUID.fromString(reply.substring(reply.lastIndexOf(' ') + 1));
    }

    static void expect(String code, String reply) {
        LineSocket.expect(code, reply);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
