package org.postbus.standalone;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A client's side of a line protocol, printed as it happens: {@code S:} the server's lines, {@code C:} ours. */
final class Dialog implements AutoCloseable {

    private static final int TIMEOUT_MILLIS = 30_000;

    private final Socket socket;
    private final BufferedReader in;
    private final OutputStream out;
    private final boolean printed;

    private Dialog(Socket socket, boolean printed) throws IOException {
        this.socket = socket;
        this.in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
        this.out = socket.getOutputStream();
        this.printed = printed;
    }

    static Dialog open(Options options, Port port) {
        return open(options, port, true);
    }

    static Dialog openSilent(Options options, Port port) {
        return open(options, port, false);
    }

    private static Dialog open(Options options, Port port, boolean printed) {
        InetSocketAddress address = new InetSocketAddress(options.reachableHost(), port.number(options));
        try {
            Socket socket = new Socket();
            socket.connect(address, TIMEOUT_MILLIS);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            return new Dialog(socket, printed);
        } catch (IOException e) {
            throw new Refusal("no " + port + " server at " + address + ": start `postbus up --demo` first", e);
        }
    }

    Dialog say(String line) throws IOException {
        print("C: " + line);
        return write(line);
    }

    /** Says a line whose end is not printed. */
    Dialog saySecret(String line, String secret) throws IOException {
        print("C: " + line + "********");
        return write(line + secret);
    }

    /** Reads one reply, of several lines if they are marked by a hyphen, and returns its last line. */
    String expect(String start) throws IOException {
        String line = read();
        while (line.startsWith(start + "-")) {
            line = read();
        }
        if (!line.startsWith(start)) {
            throw new Refusal("expected " + start + ", the server said: " + line);
        }
        return line;
    }

    /** Reads a POP3 multi-line response and returns the lines up to the terminating dot, unstuffed. */
    String expectLines(String start) throws IOException {
        expect(start);
        StringBuilder lines = new StringBuilder();
        for (String line = read(); !line.equals("."); line = read()) {
            lines.append(line.startsWith(".") ? line.substring(1) : line).append('\n');
        }
        return lines.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private Dialog write(String line) throws IOException {
        out.write((line + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
        return this;
    }

    private String read() throws IOException {
        String line = in.readLine();
        if (line == null) {
            throw new Refusal("the server closed the connection");
        }
        print("S: " + line);
        return line;
    }

    private void print(String line) {
        if (printed) {
            System.out.println(line);
        }
    }
}
