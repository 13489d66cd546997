package org.postbus.benchmarks.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class WireTest {

    private interface Reading {
        void from(Wire wire) throws IOException;
    }

    /** A server that says the text and closes; a small buffer cuts it at many places. */
    private static void withServerThatSays(String text, int buffer, Reading reading) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Wire wire = Wire.connect(server.getLocalPort(), ByteBuffer.allocateDirect(buffer))) {
            CompletableFuture<Void> said = CompletableFuture.runAsync(() -> {
                try (Socket socket = server.accept()) {
                    socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            reading.from(wire);
            said.join();
        }
    }

    @Test
    void aReplyOfManyLinesIsOne() throws Exception {
        for (int buffer = 1; buffer < 64; buffer++) {
            withServerThatSays("220 mx\r\n250-mx\r\n250-SIZE\r\n250 PIPELINING\r\n354 go\r\n", buffer, wire -> {
                assertEquals(220, wire.reply());
                assertEquals(250, wire.reply());
                assertEquals(354, wire.reply());
            });
        }
    }

    @Test
    void aMultiLineResponseEndsWithTheFinalDotWhereverItIsCut() throws Exception {
        String response = "+OK\r\nSubject: x\r\n\r\n..\r\nbody\r\n.\r\n";
        for (int buffer = 1; buffer < 64; buffer++) {
            withServerThatSays(response, buffer, wire -> assertEquals(response.length(), wire.multiLine()));
        }
    }

    @Test
    void aRefusalHasNoFurtherLines() throws Exception {
        withServerThatSays("-ERR no such message\r\n+OK\r\n", 64, wire -> {
            assertEquals(-1, wire.multiLine());
            assertTrue(wire.ok());
        });
    }

    @Test
    void aServerThatLeavesIsAFailure() throws Exception {
        withServerThatSays("250-mx\r\n", 64, wire -> assertThrows(IOException.class, wire::reply));
    }
}
