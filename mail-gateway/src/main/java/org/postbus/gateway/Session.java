package org.postbus.gateway;

import io.vertx.core.buffer.Buffer;

/** One session of a gateway's protocol. Every method is called on the event loop of its connection. */
public interface Session {

    /** Octets of the peer, as they came. Not called while the session holds reading. */
    void onOctets(Buffer octets);

    /** The deadline set by {@link Connection#expectWithin} has passed. */
    void onDeadline();

    /** The gateway is going away: finish at the next point where the protocol allows it. */
    void onDrain();

    /** The connection is gone, whoever closed it. Called once; nothing can be written any more. */
    void onClosed();

    /** Makes the session of a new connection; it may write its greeting at once. */
    @FunctionalInterface
    interface Factory {
        Session open(Connection connection);
    }
}
