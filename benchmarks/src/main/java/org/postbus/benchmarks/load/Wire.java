package org.postbus.benchmarks.load;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Optional;

/** One TCP connection to a server on this machine, for one blocking thread, with buffers off the heap. */
final class Wire implements AutoCloseable {

    private final SocketChannel channel;
    private final ByteBuffer in;

    private Wire(SocketChannel channel, ByteBuffer in) {
        this.channel = channel;
        this.in = in;
    }

    /** From the address that the kernel takes: naming one would have it search for a free port, at length where many were used. */
    static Wire connect(int port, ByteBuffer buffer) throws IOException {
        return connect(Optional.empty(), port, buffer);
    }

    /**
     * @param source address on loopback to come from: servers limit the connections of one
     * @param buffer for what is read; one for each thread is enough
     */
    static Wire connect(String source, int port, ByteBuffer buffer) throws IOException {
        return connect(Optional.of(new InetSocketAddress(source, 0)), port, buffer);
    }

    private static Wire connect(Optional<InetSocketAddress> source, int port, ByteBuffer buffer) throws IOException {
        SocketChannel channel = SocketChannel.open();
        try {
            if (source.isPresent()) {
                channel.bind(source.get());
            }
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.connect(new InetSocketAddress("127.0.0.1", port));
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        return new Wire(channel, buffer.clear().limit(0));
    }

    void write(ByteBuffer octets) throws IOException {
        ByteBuffer rest = octets.duplicate();
        while (rest.hasRemaining()) {
            channel.write(rest);
        }
    }

    /** The code of the next SMTP reply, however many lines it has. */
    int reply() throws IOException {
        while (true) {
            int code = 0;
            for (int digit = 0; digit < 3; digit++) {
                code = 10 * code + next() - '0';
            }
            boolean last = next() != '-';
            skipLine();
            if (last) {
                return code;
            }
        }
    }

    /** Whether the next line, a POP3 response of one line, is +OK. */
    boolean ok() throws IOException {
        boolean ok = next() == '+';
        skipLine();
        return ok;
    }

    /**
     * Reads a POP3 response of many lines. As nothing was asked ahead, it ends where what has come ends with the final
     * dot: only the tail of each read is looked at.
     *
     * @return its octets with everything, or -1 for a refusal
     */
    long multiLine() throws IOException {
        if (next() != '+') {
            skipLine();
            return -1;
        }
        long octets = 1;
        long tail = '+';
        while (true) {
            octets += in.remaining();
            for (int n = Math.max(in.position(), in.limit() - 5); n < in.limit(); n++) {
                tail = (tail << 8 | in.get(n)) & 0xFF_FFFF_FFFFL;
            }
            in.position(in.limit());
            if (tail == 0x0D0A_2E0D0AL) {
                return octets;
            }
            fill();
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private void skipLine() throws IOException {
        while (next() != '\n') {
            continue;
        }
    }

    private int next() throws IOException {
        if (!in.hasRemaining()) {
            fill();
        }
        return in.get();
    }

    private void fill() throws IOException {
        in.clear();
        if (channel.read(in) < 0) {
            in.limit(0);
            throw new IOException("the server closed the connection");
        }
        in.flip();
    }
}
