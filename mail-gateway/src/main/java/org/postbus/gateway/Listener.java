package org.postbus.gateway;

import io.netty.util.NetUtil;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.Context;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * One port of a gateway. A NetServer outside a verticle would use a single event loop, so each loop gets a verticle
 * instance; Vert.x deals connections out among them.
 */
public final class Listener {

    private static final Logger LOG = Logger.getLogger(Listener.class);
    /** Vert.x shares one random port among the servers that name the same negative port. */
    private static final AtomicInteger RANDOM_PORTS = new AtomicInteger();
    private static final int BACKLOG = 1024;
    private static final long DRAIN_POLL_MILLIS = 50;

    private final Vertx vertx;
    private final ListenerSettings settings;
    private final Session.Factory factory;
    private final Consumer<InetAddress> onRefusal;
    private final ConnectionLimits limits;
    private final Map<Connection, Served> sessions = new ConcurrentHashMap<>();
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();
    private volatile String deployment = "";
    private volatile boolean draining;
    private volatile int port;

    private record Served(Session session, Context context) { }

    /** @param onRefusal told of each connection that is refused, on its event loop */
    public Listener(Vertx vertx, ListenerSettings settings, Session.Factory factory, Consumer<InetAddress> onRefusal) {
        this.onRefusal = onRefusal;
        this.vertx = vertx;
        this.settings = settings;
        this.factory = factory;
        this.limits = settings.limits();
    }

    /** Begins to listen. Fails where the port cannot be bound. */
    public Future<Void> start() {
        int bind = settings.port() == 0 ? -RANDOM_PORTS.incrementAndGet() : settings.port();
        return vertx.deployVerticle(() -> new Loop(bind), new DeploymentOptions().setInstances(settings.loops()))
                .onSuccess(id -> {
                    deployment = id;
                    LOG.infof("%s listens on %s:%d", settings.name(), settings.host(), port);
                })
                .mapEmpty();
    }

    /** The port that is bound. */
    public int port() {
        return port;
    }

    /** Connections that are open. */
    public int open() {
        return open.get();
    }

    /** Connections refused so far. */
    public int refused() {
        return refused.get();
    }

    /**
     * Ends the listener: new connections get the refusal, each session is told to finish, what remains after the drain
     * time is closed. The port stays bound so long, since closing a Vert.x server closes its connections as well. A
     * listener that has drained drains again at once.
     */
    public Future<Void> drain() {
        draining = true;
        sessions.values().forEach(served -> served.context().runOnContext(ignored -> served.session().onDrain()));
        Promise<Void> empty = Promise.promise();
        awaitEmpty(System.nanoTime() + settings.drain().toNanos(), empty);
        return empty.future().compose(ignored -> undeploy());
    }

    private Future<Void> undeploy() {
        String deployed = deployment;
        deployment = "";
        return deployed.isEmpty() ? Future.succeededFuture() : vertx.undeploy(deployed);
    }

    private void awaitEmpty(long end, Promise<Void> empty) {
        if (sessions.isEmpty() || end - System.nanoTime() <= 0) {
            empty.complete();
        } else {
            vertx.setTimer(DRAIN_POLL_MILLIS, ignored -> awaitEmpty(end, empty));
        }
    }

    private void accept(NetSocket socket) {
        InetAddress peer = address(socket.remoteAddress(true));
        if (settings.proxies().stream().anyMatch(range -> range.contains(peer))) {
            // The channel knows nothing of contexts: without ours, timers and answers of the session would come on any event loop.
            Context context = vertx.getOrCreateContext();
            ProxiedChannel.await(socket, client -> context.runOnContext(ignored -> accept(socket, client.orElse(peer))));
        } else {
            accept(socket, peer);
        }
    }

    private void accept(NetSocket socket, InetAddress peer) {
        if (draining || !limits.admit(peer)) {
            refused.incrementAndGet();
            onRefusal.accept(peer);
            refuse(socket);
            return;
        }
        open.incrementAndGet();
        Connection connection = new Connection(vertx, socket, peer, limits, gone -> {
            open.decrementAndGet();
            sessions.remove(gone);
            limits.leave(peer);
        });
        if (settings.implicitTls()) {
            // Counted before its handshake: one that never ends it holds a place, too, and no longer than others.
            connection.startTls().onSuccess(ignored -> serve(connection));
        } else {
            serve(connection);
        }
    }

    /** Who expects a handshake could not read a reason. */
    private void refuse(NetSocket socket) {
        if (settings.implicitTls()) {
            socket.close();
        } else {
            socket.end(Buffer.buffer(settings.refusal()));
        }
    }

    private void serve(Connection connection) {
        Session session = factory.open(connection);
        sessions.put(connection, new Served(session, vertx.getOrCreateContext()));
        connection.serve(session);
        if (draining) {
            session.onDrain();
        }
    }

    private static InetAddress address(SocketAddress remote) {
        try {
            return InetAddress.getByAddress(NetUtil.createByteArrayFromIpAddressString(remote.hostAddress()));
        } catch (UnknownHostException e) {
            throw new IllegalStateException("a TCP peer without an IP address: " + remote, e);
        }
    }

    private final class Loop extends AbstractVerticle {

        private final int bind;
        private NetServer server;

        Loop(int bind) {
            this.bind = bind;
        }

        @Override
        public void start(Promise<Void> started) {
            NetServerOptions options = new NetServerOptions().setTcpNoDelay(true).setAcceptBacklog(BACKLOG);
            settings.certificates().ifPresent(certificates -> certificates.applyTo(options));
            server = vertx.createNetServer(options).connectHandler(Listener.this::accept);
            server.exceptionHandler(e -> LOG.debugf(e, "%s: a connection failed before it was served", settings.name()));
            server.listen(bind, settings.host()).onSuccess(bound -> port = bound.actualPort())
                    .<Void>mapEmpty().onComplete(started);
        }
    }
}
