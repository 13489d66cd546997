package org.postbus.pop3gateway;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.postbus.protocol.pop3.TestMaildrop;

/** mailbox-service as the gateway sees it: the internal API over real HTTP, with maildrops in memory and ways to misbehave. */
final class StubMailbox implements AutoCloseable {

    static final String TOKEN = "internal-token-of-the-tests-0123456789abcdef";
    private static final Pattern SESSION = Pattern.compile("/internal/v1/maildrop-sessions/([0-9a-f-]{36})(/.*)?");
    private static final int PIECE = 64 * 1024;
    private static final int TRICKLE_MILLIS = 200;

    final AtomicLong octetsSent = new AtomicLong();
    final AtomicLong renewalsRefused = new AtomicLong();
    final List<UUID> released = new CopyOnWriteArrayList<>();
    final List<String> refusedTokens = new CopyOnWriteArrayList<>();
    /** The addresses of the clients that logged in. */
    final List<String> clients = new CopyOnWriteArrayList<>();
    volatile int leaseSeconds = 60;
    volatile boolean fencing;
    volatile int openStatus = 200;
    /** Octets of a message after which the connection breaks. */
    volatile int breakAfter = Integer.MAX_VALUE;
    /** Messages that are gone, though a snapshot lists them. */
    final Set<UUID> gone = ConcurrentHashMap.newKeySet();
    /** Messages whose octets are not all there. */
    final Set<UUID> broken = ConcurrentHashMap.newKeySet();
    /** Counts of the runs that were asked for, and 0 for each message that was asked for by itself. */
    final List<Integer> asked = new CopyOnWriteArrayList<>();
    /** Whether openings are not answered until {@link #letOpen}. */
    volatile boolean holdingOpenings;
    private volatile Optional<Runnable> heldOpening = Optional.empty();
    /** Whether renewals are answered, an octet at a time and without an end. */
    volatile boolean tricklingRenewals;
    /** Whether runs are not answered yet. */
    volatile boolean holdingRuns;

    private final Vertx vertx;
    private final TestMaildrop maildrops;
    private final Map<UUID, String> sessions = new HashMap<>();
    private HttpServer server;
    private int port;

    StubMailbox(Vertx vertx, TestMaildrop maildrops) throws Exception {
        this.vertx = vertx;
        this.maildrops = maildrops;
        start();
    }

    void start() throws Exception {
        server = vertx.createHttpServer().requestHandler(this::handle);
        port = server.listen(port, "127.0.0.1").toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS).actualPort();
    }

    int port() {
        return port;
    }

    @Override
    public void close() throws Exception {
        server.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    /** Sessions that hold a lock. */
    synchronized Map<UUID, String> sessions() {
        return Map.copyOf(sessions);
    }

    private synchronized void handle(HttpServerRequest request) {
        if (!("Bearer " + TOKEN).equals(request.getHeader("Authorization"))) {
            refusedTokens.add(request.path());
            answer(request, 401);
            return;
        }
        Matcher session = SESSION.matcher(request.path());
        String route = request.method() + " " + (session.matches() ? "session" + String.valueOf(session.group(2)) : "");
        if (request.path().equals("/internal/v1/maildrop-sessions")) {
            request.body().onSuccess(body -> {
                if (holdingOpenings) {
                    heldOpening = Optional.of(() -> open(request, body.toJsonObject()));
                } else {
                    open(request, body.toJsonObject());
                }
            });
        } else if (route.equals("POST session/renew") && tricklingRenewals) {
            trickle(request.response().setChunked(true));
        } else if (route.equals("POST session/renew")) {
            boolean held = !fencing && sessions.containsKey(id(session));
            renewalsRefused.addAndGet(held ? 0 : 1);
            answer(request, held ? 204 : 410);
        } else if (route.equals("DELETE sessionnull")) {
            sessions.remove(id(session));
            released.add(id(session));
            answer(request, 204);
        } else if (fencing || !sessions.containsKey(id(session))) {
            answer(request, 410);
        } else if (route.equals("GET session/messages")) {
            run(request, sessions.get(id(session)));
        } else {
            asked.add(0);
            content(request, sessions.get(id(session)), UUID.fromString(session.group(2).substring("/messages/".length())));
        }
    }

    private void trickle(HttpServerResponse response) {
        long timer = vertx.setPeriodic(TRICKLE_MILLIS, ignored -> response.write("x"));
        response.closeHandler(closed -> vertx.cancelTimer(timer));
    }

    boolean heldOpening() {
        return heldOpening.isPresent();
    }

    void letOpen() {
        vertx.runOnContext(ignored -> heldOpening.orElseThrow().run());
    }

    private static UUID id(Matcher session) {
        return UUID.fromString(session.group(1));
    }

    private static void answer(HttpServerRequest request, int status) {
        request.response().setStatusCode(status).end();
    }

    private synchronized void open(HttpServerRequest request, JsonObject body) {
        String name = body.getString("name");
        if (openStatus != 200) {
            answer(request, openStatus);
        } else if (!maildrops.accepts(name, body.getString("password"))) {
            answer(request, 401);
        } else if (sessions.containsValue(name)) {
            answer(request, 423);
        } else {
            clients.add(body.getString("clientAddress"));
            sessions.put(UUID.fromString(body.getString("sessionId")), name);
            byte[] snapshot = maildrops.snapshot(name);
            request.response()
                    .putHeader("Postbus-Account-Id", accountId(name).toString())
                    .putHeader("Postbus-Lease-Seconds", Integer.toString(leaseSeconds))
                    .putHeader("Postbus-Messages", Integer.toString(snapshot.length / 24))
                    .putHeader("Postbus-Octets", "0")
                    .end(Buffer.buffer(snapshot));
        }
    }

    static UUID accountId(String name) {
        return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
    }

    private void run(HttpServerRequest request, String account) {
        int count = Integer.parseInt(request.getParam("count"));
        asked.add(count);
        if (holdingRuns) {
            return;
        }
        Buffer answer = Buffer.buffer();
        maildrops.messages(account).stream()
                .dropWhile(message -> !message.mailId().toString().equals(request.getParam("from"))).limit(count)
                .filter(message -> !message.isInternational() || Boolean.parseBoolean(request.getParam("utf8")))
                .filter(message -> !gone.contains(message.mailId()) && !broken.contains(message.mailId()))
                .forEach(message -> answer.appendLong(message.mailId().getMostSignificantBits())
                        .appendLong(message.mailId().getLeastSignificantBits()).appendLong(message.octets().length)
                        .appendBytes(message.octets()));
        octetsSent.addAndGet(answer.length());
        request.response().end(answer);
    }

    private void content(HttpServerRequest request, String account, UUID mailId) {
        Optional<TestMaildrop.Stored> message = maildrops.messages(account).stream()
                .filter(stored -> stored.mailId().equals(mailId)).findFirst();
        if (message.filter(TestMaildrop.Stored::isInternational).isPresent() && !Boolean.parseBoolean(request.getParam("utf8"))) {
            answer(request, 406);
            return;
        }
        byte[] octets = message.map(TestMaildrop.Stored::octets).orElse(new byte[0]);
        if (octets.length == 0 || gone.contains(mailId)) {
            answer(request, 404);
            return;
        }
        HttpServerResponse response = request.response().putHeader("Content-Length", Integer.toString(octets.length));
        response.exceptionHandler(gone -> { });
        stream(request, response, mailId, octets, 0);
    }

    private void stream(HttpServerRequest request, HttpServerResponse response, UUID mailId, byte[] octets, int from) {
        int at = from;
        while (at < octets.length && !response.writeQueueFull()) {
            int end = Math.min(at + PIECE, broken.contains(mailId) ? octets.length / 2 : octets.length);
            response.write(Buffer.buffer(Arrays.copyOfRange(octets, at, end)));
            octetsSent.addAndGet(end - at);
            at = end;
            if (at >= breakAfter || broken.contains(mailId)) {
                request.connection().close();
                return;
            }
        }
        int next = at;
        if (next == octets.length) {
            response.end();
        } else {
            response.drainHandler(ignored -> stream(request, response, mailId, octets, next));
        }
    }
}
