package org.postbus.protocol.transcript;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import org.postbus.protocol.tls.TrustAll;

/** A socket for tests that send octets as they are and read lines, in clear text and then under TLS. Octets are ISO 8859-1. */
public final class LineSocket implements AutoCloseable {

    private static final int CONNECT_MILLIS = 5_000;
    private static final int SILENT_MILLIS = 30_000;

    private Socket socket = new Socket();
    private InputStream in;
    private OutputStream out;

    /** From any address of this machine. */
    public LineSocket(InetSocketAddress server) throws IOException {
        this(new InetSocketAddress(0), server);
    }

    /** @param source of the connection; its port may be 0 */
    public LineSocket(InetSocketAddress source, InetSocketAddress server) throws IOException {
        socket.setTcpNoDelay(true);
        socket.bind(source);
        socket.connect(server, CONNECT_MILLIS);
        socket.setSoTimeout(SILENT_MILLIS);
        in = new BufferedInputStream(socket.getInputStream());
        out = socket.getOutputStream();
    }

    /** Under TLS from now on. */
    public void handshake() throws IOException {
        socket = TrustAll.handshake(socket);
        in = new BufferedInputStream(socket.getInputStream());
        out = socket.getOutputStream();
    }

    /** Ends TLS in this direction, and sends no more. */
    public void closeNotify() throws IOException {
        ((SSLSocket) socket).shutdownOutput();
    }

    public SSLSession tls() {
        return ((SSLSocket) socket).getSession();
    }

    /** How long a read waits; 30 s unless said. */
    public void silentAtMost(int millis) throws IOException {
        socket.setSoTimeout(millis);
    }

    public void send(byte[] octets) throws IOException {
        out.write(octets);
    }

    /** What comes next, as many octets as fit; -1 at the end of the connection. */
    public int read(byte[] buffer) throws IOException {
        return in.read(buffer);
    }

    /** The next line without its end; empty at the end of the connection. */
    public String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int octet = in.read(); octet >= 0 && octet != '\n'; octet = in.read()) {
            line.append((char) octet);
        }
        return line.toString().stripTrailing();
    }

    /** The octets of a text. */
    public static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** @throws AssertionError the reply begins otherwise */
    public static void expect(String code, String reply) {
        if (!reply.startsWith(code)) {
            throw new AssertionError("expected " + code + ", got " + reply);
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
