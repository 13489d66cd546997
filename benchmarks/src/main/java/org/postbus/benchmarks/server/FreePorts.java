package org.postbus.benchmarks.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;

/** Ports on loopback that nothing listens on now. */
final class FreePorts {

    private FreePorts() {}

    /**
     * A number that can be added to each of the ports, below those that the system hands out to clients.
     *
     * @param ports that all must be free with it
     */
    static int offset(int... ports) throws IOException {
        for (int attempt = 0; attempt < 200; attempt++) {
            int offset = ThreadLocalRandom.current().nextInt(8_000, 23_000);
            if (IntStream.of(ports).allMatch(port -> isFree(port + offset))) {
                return offset;
            }
        }
        throw new IOException("found no free ports");
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
