package org.postbus.pop3gateway;

import io.vertx.core.http.HttpClientResponse;
import org.postbus.events.FaultPoint;
import org.postbus.protocol.pop3.Pop3Engine;

/** A message on its way from mailbox-service to the engine, piece by piece as the client takes it. */
final class MessageStream implements Content {

    /** What is left of an unwanted message is read to its end up to here; beyond, the connection is given up. */
    private static final long WORTH_READING = 64 * 1024;

    private final HttpClientResponse response;
    private final Pop3Engine engine;
    private final Runnable pump;
    private long left;
    private boolean ended;
    private boolean whole;

    /**
     * Starts the stream.
     *
     * @param response paused
     * @param octets   what it will bring
     * @param pump     to be called whenever the engine has more to do
     */
    MessageStream(HttpClientResponse response, long octets, Pop3Engine engine, Runnable pump) {
        this.response = response;
        this.engine = engine;
        this.pump = pump;
        this.left = octets;
        response.handler(piece -> {
            left -= piece.length();
            engine.content(piece.getBytes());
            pump.run();
            FaultPoint.POP3_RETRIEVING.reached();
        });
        response.endHandler(ignored -> {
            whole = left == 0;
            end(engine::contentEnds);
        });
        response.exceptionHandler(ignored -> end(engine::contentBroken));
    }

    @Override
    public boolean feed() {
        return false;
    }

    @Override
    public void flow(boolean wanted) {
        if (ended) {
            return;
        }
        if (wanted) {
            response.resume();
        } else {
            response.pause();
        }
    }

    @Override
    public boolean isWhole() {
        return whole;
    }

    @Override
    public void stop() {
        if (ended) {
            return;
        }
        ended = true;
        if (left <= WORTH_READING) {
            readOut(response);
        } else {
            giveUp(response);
        }
    }

    /** Gets rid of an answer that is no message, or not the one that was listed. */
    static void discard(HttpClientResponse response) {
        if (response.statusCode() == 200) {
            giveUp(response);
        } else {
            readOut(response);
        }
    }

    private static void readOut(HttpClientResponse response) {
        response.exceptionHandler(ignored -> { });
        response.endHandler(ignored -> { });
        response.handler(ignored -> { });
        response.resume();
    }

    private static void giveUp(HttpClientResponse response) {
        response.exceptionHandler(ignored -> { });
        response.endHandler(ignored -> { });
        response.request().reset();
    }

    private void end(Runnable tell) {
        if (!ended) {
            ended = true;
            tell.run();
            pump.run();
        }
    }
}
