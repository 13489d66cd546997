package org.postbus.pop3gateway;

import io.vertx.core.AsyncResult;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.postbus.gateway.InternalApiClient.Answer;
import org.postbus.protocol.pop3.Action;
import org.postbus.protocol.pop3.Pop3Engine;
import org.postbus.protocol.pop3.Refusal;
import org.postbus.protocol.pop3.Snapshot;

/**
 * The messages of one session on their way to its engine: out of a run that was fetched ahead, or fetched a while ago, or
 * streamed by itself where a message is large, memory is short, or the run came without it.
 */
final class Retrieval {

    private static final Logger LOG = Logger.getLogger(Retrieval.class);

    private final Gateway gateway;
    private final OpenMaildrop maildrop;
    private final Pop3Engine engine;
    private final Runnable pump;
    private final ReadAhead ahead;
    private final SessionTrail trail;
    private Optional<UnderWay> underWay = Optional.empty();
    private boolean ended;

    private record UnderWay(Action.FetchMessage fetch, Content content) { }

    /** @param pump to be called whenever the engine has more to do */
    Retrieval(Gateway gateway, OpenMaildrop maildrop, Snapshot snapshot, Pop3Engine engine, Runnable pump) {
        this.gateway = gateway;
        this.maildrop = maildrop;
        this.engine = engine;
        this.pump = pump;
        this.trail = new SessionTrail(snapshot);
        this.ahead = new ReadAhead(snapshot, gateway.ahead());
    }

    /** What the session retrieved. */
    SessionTrail trail() {
        return trail;
    }

    /** Whether a message is on its way. */
    boolean isUnderWay() {
        return underWay.isPresent();
    }

    /** Answers the engine's question, at once or later. */
    void fetch(Action.FetchMessage fetch) {
        ahead.message(fetch.number()).or(() -> fetchedBefore(fetch)).ifPresentOrElse(octets -> begin(fetch, new HeldMessage(octets, engine)),
                () -> ahead.plan(fetch.number()).ifPresentOrElse(run -> ask(fetch, run), () -> fetchAlone(fetch)));
    }

    /** For this session or another one. Whether the lock is still there, the next question to mailbox-service will tell. */
    private Optional<Buffer> fetchedBefore(Action.FetchMessage fetch) {
        Optional<Buffer> recent = maildrop.isHeld()
                ? gateway.recent().find(maildrop.view(), fetch.mailId(), fetch.octets()) : Optional.empty();
        recent.ifPresent(ignored -> ahead.pass(fetch.number()));
        return recent;
    }

    /** Gives the engine more of the message, where that is at hand; else it comes by itself. */
    boolean feed() {
        boolean fed = underWay.filter(message -> message.content().feed()).isPresent();
        settle();
        return fed;
    }

    /** Lets the message come, or holds it. */
    void flow(boolean wanted) {
        underWay.ifPresent(message -> message.content().flow(wanted));
    }

    /** The rest of the message is not wanted. */
    void stop() {
        underWay.ifPresent(message -> message.content().stop());
        underWay = Optional.empty();
    }

    /** The session is over. */
    void end() {
        ended = true;
        stop();
        ahead.close();
    }

    private void ask(Action.FetchMessage fetch, Run run) {
        gateway.maildrops().run(maildrop.view(), fetch.mailId(), run.count()).onComplete(answer -> {
            if (ended || answer.failed() || answer.result().status() != 200) {
                run.close();
                refuse(answer.map(Answer::status));
            } else {
                run.take(answer.result().body());
                ahead.hold(run);
                run.forEach((mailId, octets) -> gateway.recent().add(maildrop.view(), mailId, octets));
                ahead.message(fetch.number()).ifPresentOrElse(octets -> begin(fetch, new HeldMessage(octets, engine)),
                        () -> fetchAlone(fetch));
            }
            pump.run();
        });
    }

    /** The answer about one message says why it cannot be had. */
    private void fetchAlone(Action.FetchMessage fetch) {
        gateway.maildrops().message(maildrop.view(), fetch.mailId()).onComplete(answer -> {
            if (answer.succeeded() && !ended && isListed(answer.result(), fetch)) {
                begin(fetch, new MessageStream(answer.result(), fetch.octets(), engine, () -> {
                    settle();
                    pump.run();
                }));
            } else {
                if (answer.succeeded()) {
                    MessageStream.discard(answer.result());
                }
                refuse(answer.map(HttpClientResponse::statusCode));
            }
            pump.run();
        });
    }

    private static boolean isListed(HttpClientResponse response, Action.FetchMessage fetch) {
        return response.statusCode() == 200
                && Long.toString(fetch.octets()).equals(response.getHeader(HttpHeaders.CONTENT_LENGTH));
    }

    private void begin(Action.FetchMessage fetch, Content content) {
        engine.contentBegins();
        underWay = Optional.of(new UnderWay(fetch, content));
        feed();
    }

    /** Counts a message once all of it has come. */
    private void settle() {
        if (underWay.isEmpty() || !underWay.get().content().isWhole()) {
            return;
        }
        Action.FetchMessage fetch = underWay.get().fetch();
        underWay = Optional.empty();
        ahead.sent(fetch.number());
        if (fetch.whole()) {
            trail.retrieved(fetch.number());
            gateway.metrics().retrieved(fetch.octets());
        }
    }

    private void refuse(AsyncResult<Integer> status) {
        if (status.failed()) {
            LOG.warnf("a message could not be fetched: %s", status.cause().getMessage());
            engine.contentRefused(Refusal.TEMPORARY);
            return;
        }
        switch (status.result()) {
            case 404 -> engine.contentRefused(Refusal.PERMANENT);
            case 406 -> engine.contentRefused(Refusal.NEEDS_UTF8);
            case 410 -> {
                maildrop.fence();
                engine.contentRefused(Refusal.TEMPORARY);
            }
            default -> engine.contentRefused(Refusal.TEMPORARY);
        }
    }
}
