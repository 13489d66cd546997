package org.postbus.smtpgateway;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import org.postbus.protocol.tls.TrustAll;

/** A bare SMTP client that sends what it is told, and reads replies. */
final class Client implements AutoCloseable {

    private Socket socket = new Socket();
    private InputStream in;
    private OutputStream out;

    /** Connects and reads the greeting. */
    Client(InetSocketAddress server) throws IOException {
        socket.setTcpNoDelay(true);
        socket.connect(server, 5_000);
        socket.setSoTimeout(30_000);
        in = new BufferedInputStream(socket.getInputStream());
        out = socket.getOutputStream();
    }

    /** Under TLS from now on. */
    Client handshake() throws IOException {
        socket = TrustAll.handshake(socket);
        in = new BufferedInputStream(socket.getInputStream());
        out = socket.getOutputStream();
        return this;
    }

    /** Ends TLS in this direction, and sends no more. */
    void closeNotify() throws IOException {
        ((SSLSocket) socket).shutdownOutput();
    }

    SSLSession tls() {
        return ((SSLSocket) socket).getSession();
    }

    /** How long a read waits. */
    void timeout(int millis) throws IOException {
        socket.setSoTimeout(millis);
    }

    Client send(String text) throws IOException {
        return send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    Client send(byte[] octets) throws IOException {
        out.write(octets);
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
            line = line();
        } while (line.length() > 3 && line.charAt(3) == '-');
        return line;
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int octet = in.read(); octet >= 0 && octet != '\n'; octet = in.read()) {
            line.append((char) octet);
        }
        return line.toString().stripTrailing();
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
        if (!reply.startsWith(code)) {
            throw new AssertionError("expected " + code + ", got " + reply);
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
