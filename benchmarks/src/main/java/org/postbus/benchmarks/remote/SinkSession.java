package org.postbus.benchmarks.remote;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * One connection to the sink. Believes that the client keeps to the order of commands; takes any number of them at a time
 * (RFC 2920) and answers them together.
 */
final class SinkSession {

    /** What the local part of a recipient with a moment begins with. */
    static final String STAMP = "at-";

    private static final String STAMPED = "RCPT TO:<" + STAMP;
    private static final ByteBuffer GREETING = reply("220 sink.test ESMTP");
    private static final ByteBuffer KEYWORDS =
            reply("250-sink.test\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-SIZE 104857600\r\n250 ENHANCEDSTATUSCODES");
    private static final ByteBuffer OK = reply("250 2.0.0 OK");
    private static final ByteBuffer GO_AHEAD = reply("354 go ahead");
    private static final ByteBuffer BYE = reply("221 2.0.0 bye");
    private static final ByteBuffer UNKNOWN = reply("500 5.5.1 what");

    private final Sink sink;
    private final SocketChannel channel;
    private final ByteBuffer in = ByteBuffer.allocateDirect(64 * 1024).limit(0);
    private final ByteBuffer out = ByteBuffer.allocateDirect(32 * 1024);
    private final List<Long> begun = new ArrayList<>();
    private boolean inData;
    private boolean over;
    private long octets;

    SinkSession(Sink sink, SocketChannel channel) {
        this.sink = sink;
        this.channel = channel;
    }

    /** Returns when the client has said QUIT. */
    void run() throws IOException {
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        answer(GREETING);
        while (!over) {
            flush();
            fill();
            while (!over && (inData ? data() : command())) {
                continue;
            }
        }
        flush();
    }

    /** Takes the next command. Returns false where it has not all come yet. */
    private boolean command() throws IOException {
        int end = in.position();
        while (end < in.limit() && in.get(end) != '\n') {
            end++;
        }
        if (end == in.limit()) {
            return false;
        }
        if (end > in.position()) {
            answer(obey(in.get(in.position()) | ' ', end));
        }
        // The end of DATA's own line may be the beginning of the end of the data.
        in.position(inData ? end - 1 : end + 1);
        return true;
    }

    private ByteBuffer obey(int letter, int end) {
        return switch (letter) {
            case 'e', 'h' -> KEYWORDS;
            case 'r' -> {
                stamp(end);
                yield OK;
            }
            case 'm', 'n' -> OK;
            case 'd' -> {
                inData = true;
                octets = -2;
                yield GO_AHEAD;
            }
            case 'q' -> {
                over = true;
                yield BYE;
            }
            default -> UNKNOWN;
        };
    }

    /** Remembers the moment in a recipient that has one. */
    private void stamp(int end) {
        int at = in.position();
        for (int n = 0; n < STAMPED.length(); n++) {
            if (at + n >= end || in.get(at + n) != STAMPED.charAt(n)) {
                return;
            }
        }
        long moment = 0;
        for (int n = at + STAMPED.length(); n < end && in.get(n) >= '0' && in.get(n) <= '9'; n++) {
            moment = 10 * moment + in.get(n) - '0';
        }
        begun.add(moment);
    }

    /**
     * Looks for CRLF.CRLF, at every fifth octet where that tells enough (after Boyer and Moore). Returns false where it has not
     * come yet; at most four octets are then left.
     */
    private boolean data() throws IOException {
        int start = in.position();
        int last = start + 4;
        while (last < in.limit()) {
            switch (in.get(last)) {
                case '\n' -> {
                    if (in.getInt(last - 4) == 0x0D0A_2E0D) {
                        took(last + 1 - start);
                        in.position(last + 1);
                        return true;
                    }
                    last += 3;
                }
                case '\r' -> last++;
                case '.' -> last += 2;
                default -> last += 5;
            }
        }
        // What the search stands before may be the beginning of the end.
        int searched = Math.min(last - 4, in.limit());
        octets += searched - start;
        in.position(searched);
        return false;
    }

    private void took(long rest) throws IOException {
        inData = false;
        answer(OK);
        // What counts has been answered.
        flush();
        sink.took(octets + rest);
        long now = System.nanoTime();
        begun.forEach(moment -> sink.tookAfter(now - moment));
        begun.clear();
    }

    private void answer(ByteBuffer reply) throws IOException {
        if (out.remaining() < reply.remaining()) {
            flush();
        }
        out.put(reply.duplicate());
    }

    private void flush() throws IOException {
        out.flip();
        while (out.hasRemaining()) {
            channel.write(out);
        }
        out.clear();
    }

    private void fill() throws IOException {
        in.compact();
        if (!in.hasRemaining()) {
            throw new IOException("a command longer than any");
        }
        if (channel.read(in) < 0) {
            throw new IOException("the client closed the connection");
        }
        in.flip();
    }

    private static ByteBuffer reply(String text) {
        byte[] octets = (text + "\r\n").getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocateDirect(octets.length).put(octets).flip().asReadOnlyBuffer();
    }
}
