package org.postbus.pop3gateway;

import io.vertx.core.buffer.Buffer;
import org.postbus.events.FaultPoint;
import org.postbus.protocol.pop3.Pop3Engine;

/** A message of which the gateway has every octet. */
final class HeldMessage implements Content {

    private final Buffer octets;
    private final Pop3Engine engine;
    private int given;

    HeldMessage(Buffer octets, Pop3Engine engine) {
        this.octets = octets;
        this.engine = engine;
    }

    @Override
    public boolean feed() {
        int end = Math.min(given + Pop3Engine.PIECE_OCTETS, octets.length());
        engine.content(octets.getBytes(given, end));
        given = end;
        FaultPoint.POP3_RETRIEVING.reached();
        if (isWhole()) {
            engine.contentEnds();
        }
        return true;
    }

    @Override
    public void flow(boolean wanted) {
        // It goes by feeding alone.
    }

    @Override
    public boolean isWhole() {
        return given == octets.length();
    }

    @Override
    public void stop() {
        given = octets.length();
    }
}
