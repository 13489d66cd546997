package org.postbus.pop3gateway;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.postbus.gateway.InternalApiClient;
import org.postbus.gateway.InternalApiClient.Answer;
import org.postbus.protocol.pop3.Refusal;
import org.postbus.protocol.pop3.Snapshot;

/** Maildrop sessions over the internal API. Every method is called on an event loop and completes there. */
final class Maildrops {

    private static final String SESSIONS = "/internal/v1/maildrop-sessions";
    private static final UUID NO_SESSION = new UUID(0, 0);
    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(3);
    private static final Duration PROBE_WITHIN = Duration.ofSeconds(2);

    private final InternalApiClient questions;
    private final InternalApiClient content;
    private final InternalApiClient probes;
    private final String gateway;
    private final Duration answerTimeout;

    /** The answer to opening. */
    sealed interface Opening {

        /** The lock is held and this is what the maildrop holds. */
        record Opened(UUID accountId, Lease lease, Snapshot snapshot) implements Opening { }

        record Refused(Refusal why) implements Opening { }
    }

    /**
     * What a session sees of its maildrop.
     *
     * @param utf8 whether messages with header fields in UTF-8, too (RFC 6856)
     */
    record View(UUID session, boolean utf8) {

        private String messages() {
            return SESSIONS + "/" + session + "/messages";
        }
    }

    /** The answer to renewing. */
    enum Renewal { RENEWED, FENCED }

    /** @param probes connections that logins cannot take, so that many of them do not look like a mailbox-service that is away */
    Maildrops(InternalApiClient questions, InternalApiClient content, InternalApiClient probes, String gateway,
            Duration answerTimeout) {
        this.questions = questions;
        this.content = content;
        this.probes = probes;
        this.gateway = gateway;
        this.answerTimeout = answerTimeout;
    }

    /** Authenticates, takes the lock and the snapshot. Fails where the answer is unknown: the lock may be taken then. */
    Future<Opening> open(UUID session, String name, String password, String clientAddress) {
        JsonObject request = new JsonObject().put("name", name).put("password", password)
                .put("sessionId", session.toString()).put("gateway", gateway).put("clientAddress", clientAddress);
        long askedAt = System.nanoTime();
        return questions.ask(HttpMethod.POST, SESSIONS, request.toBuffer(), answerTimeout).map(answer -> switch (answer.status()) {
            case 200 -> opened(answer, askedAt);
            // What cannot even be a name or a password is refused as malformed.
            case 400, 401, 422 -> new Opening.Refused(Refusal.CREDENTIALS);
            case 423 -> new Opening.Refused(Refusal.IN_USE);
            default -> new Opening.Refused(Refusal.TEMPORARY);
        });
    }

    /** Renews the lock. Fails where the answer is unknown. */
    Future<Renewal> renew(UUID session) {
        return questions.ask(HttpMethod.POST, SESSIONS + "/" + session + "/renew", Buffer.buffer(), answerTimeout)
                .compose(answer -> switch (answer.status()) {
                    case 204 -> Future.succeededFuture(Renewal.RENEWED);
                    case 410 -> Future.succeededFuture(Renewal.FENCED);
                    default -> Future.failedFuture("status " + answer.status());
                });
    }

    /** Releases the lock of a session that publishes no deletions. Completes whatever happens: the lock ends by itself. */
    Future<Void> release(UUID session) {
        return questions.ask(HttpMethod.DELETE, SESSIONS + "/" + session, Buffer.buffer(), CLOSE_WITHIN)
                .<Void>mapEmpty().otherwiseEmpty();
    }

    /** A run of small messages, or another status. */
    Future<Answer> run(View view, UUID first, int count) {
        return content.ask(HttpMethod.GET, view.messages() + "?from=" + first + "&count=" + count + "&utf8=" + view.utf8(),
                Buffer.buffer(), answerTimeout);
    }

    /** A message as a paused stream, or another status. */
    Future<HttpClientResponse> message(View view, UUID mailId) {
        return content.stream(view.messages() + "/" + mailId + "?utf8=" + view.utf8(), answerTimeout);
    }

    /**
     * Whether mailbox-service answers, and takes our token: renewing no session is a question it can answer. Fails after 2 s in
     * all: the wait for a connection and an answer that trickles are parts of it.
     */
    Future<Boolean> reachable() {
        return probes.ask(HttpMethod.POST, SESSIONS + "/" + NO_SESSION + "/renew", Buffer.buffer(), PROBE_WITHIN)
                .timeout(PROBE_WITHIN.toMillis(), TimeUnit.MILLISECONDS)
                .map(answer -> answer.status() == 410 || answer.status() == 204);
    }

    private static Opening opened(Answer answer, long askedAt) {
        UUID account = UUID.fromString(answer.headers().get("Postbus-Account-Id"));
        Duration lease = Duration.ofSeconds(Long.parseLong(answer.headers().get("Postbus-Lease-Seconds")));
        int messages = Integer.parseInt(answer.headers().get("Postbus-Messages"));
        Snapshot snapshot = new Snapshot(answer.body().getBytes());
        if (snapshot.count() != messages) {
            throw new IllegalStateException("a snapshot of " + snapshot.count() + " messages instead of " + messages);
        }
        return new Opening.Opened(account, new Lease(askedAt, lease), snapshot);
    }
}
