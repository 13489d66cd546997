package org.postbus.protocol.transcript;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.Arrays;
import org.postbus.protocol.tls.TrustAll;

/** A server behind a TCP socket. */
public final class SocketPeer implements Peer {

    private Socket socket = new Socket();
    private final byte[] buffer = new byte[16 * 1024];

    public SocketPeer(InetSocketAddress server) throws IOException {
        socket.setTcpNoDelay(true);
        socket.connect(server, 5_000);
    }

    @Override
    public void send(byte[] octets) throws IOException {
        try {
            socket.getOutputStream().write(octets);
        } catch (SocketException closedByServer) {
            // What the server said before it closed is still to be read; receive() reports the close.
        }
    }

    @Override
    public void handshake() throws IOException {
        socket = TrustAll.handshake(socket);
    }

    @Override
    public byte[] receive(Duration deadline) throws IOException {
        socket.setSoTimeout(Math.toIntExact(deadline.toMillis()));
        try {
            int count = socket.getInputStream().read(buffer);
            return count < 0 ? new byte[0] : Arrays.copyOf(buffer, count);
        } catch (SocketException reset) {
            return new byte[0];
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
