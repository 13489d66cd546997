package org.postbus.smtpgateway;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import io.vertx.core.parsetools.RecordParser;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** A milter (protocol 6) that answers each step as it is told, and notes what it hears. */
final class StubMilter implements AutoCloseable {

    private static final int LENGTH = 4;

    private final Vertx vertx = Vertx.vertx();
    private final NetServer server;
    /** Answers by command, one packet or several; else it is to continue. */
    final Map<Character, List<Buffer>> answers = new ConcurrentHashMap<>();
    /** What was heard: the command, and its data with | for NUL. */
    final List<String> heard = new CopyOnWriteArrayList<>();
    /** What it wants to be spared, by flags. */
    volatile int protocol;
    volatile boolean silent;

    StubMilter() {
        try {
            server = vertx.createNetServer().connectHandler(this::converse).listen(0, "127.0.0.1")
                    .toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    String url() {
        return "milter://127.0.0.1:" + server.actualPort();
    }

    static Buffer packet(char command, String data) {
        byte[] octets = data.replace('|', '\0').getBytes(StandardCharsets.UTF_8);
        return Buffer.buffer().appendInt(octets.length + 1).appendByte((byte) command).appendBytes(octets);
    }

    private void converse(NetSocket socket) {
        RecordParser parser = RecordParser.newFixed(LENGTH);
        boolean[] inPacket = {false};
        parser.handler(octets -> {
            parser.fixedSizeMode(inPacket[0] ? LENGTH : octets.getInt(0));
            if (inPacket[0]) {
                hear(socket, octets);
            }
            inPacket[0] = !inPacket[0];
        });
        socket.handler(parser);
    }

    private void hear(NetSocket socket, Buffer packet) {
        char command = (char) packet.getByte(0);
        heard.add(packet.toString(StandardCharsets.UTF_8).replace('\0', '|'));
        if (silent || command == 'D' || command == 'Q') {
            return;
        }
        if (command == 'O') {
            socket.write(Buffer.buffer().appendInt(13).appendByte((byte) 'O').appendInt(6).appendInt(0x1ff).appendInt(protocol));
            return;
        }
        answers.getOrDefault(command, List.of(packet('c', ""))).forEach(socket::write);
    }

    @Override
    public void close() {
        vertx.close();
    }
}
