package org.postbus.systemtest;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** A socket to a line protocol; text is ISO 8859-1, so that octets stay octets. */
public abstract class LineClient implements AutoCloseable {

    private static final int SILENT_MILLIS = 60_000;

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    LineClient(int port) throws IOException {
        this(connected(port));
    }

    /** @param socket connected, and under TLS or not */
    LineClient(Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(SILENT_MILLIS);
        socket.setTcpNoDelay(true);
        in = new BufferedInputStream(socket.getInputStream(), 64 * 1024);
        out = new BufferedOutputStream(socket.getOutputStream(), 64 * 1024);
    }

    static Socket connected(int port) throws IOException {
        Socket socket = new Socket();
        socket.connect(new InetSocketAddress("localhost", port), 5_000);
        return socket;
    }

    /** How long a peer may be silent before it is given up; a minute unless said. */
    public void silentAtMost(Duration time) throws IOException {
        socket.setSoTimeout(Math.toIntExact(time.toMillis()));
    }

    /** Closes without a word, as a client that dies. */
    public void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    /** Sends no more, and reads on. */
    public void endOutput() throws IOException {
        socket.shutdownOutput();
    }

    public void write(String text) throws IOException {
        write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    public void write(byte[] octets) throws IOException {
        out.write(octets);
    }

    public void flush() throws IOException {
        out.flush();
    }

    public void send(String line) throws IOException {
        write(line + "\r\n");
        flush();
    }

    /** The next line without its CRLF. */
    public String line() throws IOException {
        byte[] line = lineOctets();
        return new String(line, 0, line.length - 2, StandardCharsets.ISO_8859_1);
    }

    /** The next line with its CRLF. */
    public byte[] lineOctets() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(128);
        for (int before = 0, octet = in.read(); ; before = octet, octet = in.read()) {
            if (octet < 0) {
                throw new EOFException("closed after: " + line);
            }
            line.write(octet);
            if (before == '\r' && octet == '\n') {
                return line.toByteArray();
            }
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
