package org.postbus.protocol.transcript;

import java.io.IOException;
import java.time.Duration;

/** The server side of a session as a transcript sees it: an engine, or a socket. */
public interface Peer extends AutoCloseable {

    /** Hands octets to the server. Octets sent to a server that has closed are dropped silently. */
    void send(byte[] octets) throws IOException;

    /** The client's side of a TLS handshake; all that follows is protected. */
    default void handshake() throws IOException {
        throw new UnsupportedOperationException("no TLS");
    }

    /**
     * The next octets of the server, at least one; an empty array once the server has closed.
     *
     * @throws java.net.SocketTimeoutException when nothing came within the deadline
     */
    byte[] receive(Duration deadline) throws IOException;

    @Override
    void close() throws IOException;
}
