package org.postbus.pop3gateway;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.postbus.protocol.tls.TrustAll;

/** A POP3 client of the tests. */
final class Client implements AutoCloseable {

    private final Socket socket;
    private final InputStream in;

    Client(Platform platform) throws IOException {
        this(platform.address());
    }

    Client(InetSocketAddress server) throws IOException {
        this(connected(server));
    }

    /** @param secure under TLS from the first octet */
    Client(Platform platform, boolean secure) throws IOException {
        this(secure ? TrustAll.handshake(connected(platform.secureAddress())) : connected(platform.address()));
    }

    private static Socket connected(InetSocketAddress server) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(64 * 1024);
        socket.connect(server, 5_000);
        socket.setSoTimeout(20_000);
        return socket;
    }

    private Client(Socket connected) throws IOException {
        socket = connected;
        in = new BufferedInputStream(socket.getInputStream());
        line();
    }

    /** Says a command and returns the first line of the response. */
    String say(String command) throws IOException {
        send(command);
        return line();
    }

    void send(String command) throws IOException {
        socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.US_ASCII));
    }

    String login(String name) throws IOException {
        say("USER " + name);
        return say("PASS secret");
    }

    /** A line without CRLF; {@code <close>} where the server has closed. */
    String line() throws IOException {
        StringBuilder line = new StringBuilder();
        while (line.length() < 2 || line.charAt(line.length() - 1) != '\n') {
            int octet = in.read();
            if (octet < 0) {
                return line + "<close>";
            }
            line.append((char) octet);
        }
        return line.substring(0, line.length() - 2);
    }

    byte[] octets(int count) throws IOException {
        return in.readNBytes(count);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
