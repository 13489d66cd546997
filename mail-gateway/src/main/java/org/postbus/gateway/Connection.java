package org.postbus.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.impl.NetSocketInternal;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.postbus.protocol.tls.Tls;

/**
 * One connection of a gateway, used on its own event loop only. It reads only while the session wants octets and
 * the peer takes what is written: a client that never reads costs one write queue, and no more.
 */
public final class Connection {

    /** Octets written but not taken by the peer, beyond which reading stops. */
    private static final int WRITE_QUEUE_OCTETS = 128 * 1024;
    /** Octets of one read; with Vert.x's queue of 8 reads they bound what a paused peer can leave here. */
    private static final int READ_OCTETS = 16 * 1024;

    /** How long a peer may take to close its side after ours. */
    private static final Duration LINGER = Duration.ofSeconds(2);

    private final Vertx vertx;
    private final NetSocket socket;
    private final InetAddress peer;
    private final ConnectionLimits limits;
    private boolean held;
    private boolean full;
    private boolean handshaking;
    private boolean closing;
    private boolean closed;
    private Runnable whenDrained = () -> { };
    private long deadline;
    private long timer = -1;
    private long timerEnd;
    private Runnable onDeadline = () -> { };
    private Runnable whenClosed = () -> { };
    private Handler<Buffer> onOctets = ignored -> { };

    /** @param onClosed called once, whoever closed it */
    Connection(Vertx vertx, NetSocket socket, InetAddress peer, ConnectionLimits limits, Consumer<Connection> onClosed) {
        this.limits = limits;
        this.vertx = vertx;
        this.socket = socket;
        this.peer = peer;
        socket.setWriteQueueMaxSize(WRITE_QUEUE_OCTETS);
        socket.drainHandler(ignored -> drained());
        socket.exceptionHandler(broken -> socket.close());
        socket.closeHandler(ignored -> closed(onClosed));
        channel().config().setRecvByteBufAllocator(new AdaptiveRecvByteBufAllocator(256, 2048, READ_OCTETS));
    }

    /** Binds the session; the listener does it once. */
    void serve(Session session) {
        whenClosed = session::onClosed;
        onDeadline = session::onDeadline;
        onOctets = session::onOctets;
        if (!handshaking) {
            socket.handler(onOctets);
        }
    }

    private void closed(Consumer<Connection> onClosed) {
        closed = true;
        cancelTimer();
        onClosed.accept(this);
        whenClosed.run();
    }

    /**
     * The octets of a read, for one who keeps them: the very array where Vert.x put them, if it holds nothing else. Vert.x copies
     * each read out of the socket's buffer, and uses no array twice.
     */
    public static byte[] octets(Buffer read) {
        ByteBuf octets = read.getByteBuf();
        boolean whole = octets.hasArray() && octets.arrayOffset() == 0 && octets.readerIndex() == 0
                && octets.readableBytes() == octets.array().length;
        return whole ? octets.array() : read.getBytes();
    }

    /** The peer's IP address as text, for example {@code 192.0.2.1} or {@code 2001:db8:0:0:0:0:0:1}. */
    public String peerAddress() {
        return peer.getHostAddress();
    }

    /** The peer's IP address. */
    public InetAddress peer() {
        return peer;
    }

    /** What counts as one client: an IPv4 address, or the /64 of an IPv6 one. */
    public Object source() {
        return ConnectionLimits.source(peer);
    }

    /** Whether few places are left at its listener: the session should be short then. */
    public boolean crowded() {
        return limits.crowded();
    }

    /** Whether the peer is this machine. */
    public boolean peerIsLoopback() {
        return peer.isLoopbackAddress();
    }

    /** What protects it; empty in clear text. */
    public Optional<Tls> tls() {
        return socket.isSsl()
                ? Optional.of(new Tls(socket.sslSession().getProtocol(), socket.sslSession().getCipherSuite()))
                : Optional.empty();
    }

    /**
     * Begins the server's side of the TLS handshake, behind all that was written. Octets that came in clear text and were
     * not read yet were put there to be taken for what the peer says under TLS (CVE-2011-0411): they close the connection.
     *
     * @return fails where the handshake does; the connection is closed then
     */
    public Future<Tls> startTls() {
        List<Buffer> early = new ArrayList<>();
        handshaking = true;
        socket.handler(octets -> {
            if (handshakeIsDone()) {
                early.add(octets);
            } else {
                close();
            }
        });
        held = false;
        readOrNot();
        return socket.upgradeToSsl().map(done -> {
            // Whoever waits for this hears of it first.
            vertx.runOnContext(ignored -> {
                handshaking = false;
                socket.handler(onOctets);
                readOrNot();
                early.forEach(onOctets::handle);
            });
            return tls().orElseThrow();
        }).onFailure(broken -> close());
    }

    /** Queues octets for the peer; after a close they go nowhere. Takes the array as it is. */
    public void write(byte[] octets) {
        write(Buffer.buffer(Unpooled.wrappedBuffer(octets)));
    }

    /** Queues octets for the peer; after a close they go nowhere. */
    public void write(Buffer octets) {
        if (closed || closing) {
            return;
        }
        socket.write(octets);
        if (!full && socket.writeQueueFull()) {
            full = true;
            readOrNot();
        }
    }

    /** Whether the writer should wait for {@link #whenDrained}. */
    public boolean writeQueueFull() {
        return full;
    }

    /** Called whenever the peer has taken what filled the write queue. One listener: the last one set. */
    public void whenDrained(Runnable action) {
        whenDrained = action;
    }

    /** Stops reading from the peer, while a question is open. */
    public void holdReading() {
        held = true;
        readOrNot();
    }

    /** Reads again from the peer, as soon as the write queue allows. */
    public void resumeReading() {
        held = false;
        readOrNot();
    }

    /** Starts the session's deadline anew. {@link Session#onDeadline} is called once when it passes. */
    public void expectWithin(Duration time) {
        if (closed) {
            return;
        }
        deadline = System.nanoTime() + time.toNanos();
        if (timer >= 0 && deadline - timerEnd < 0) {
            cancelTimer();
        }
        if (timer < 0) {
            startTimer();
        }
    }

    /**
     * Closes once the peer has taken all that was written. What it still sends is thrown away for a moment: closing on
     * unread octets resets the connection, and the peer might lose the last reply.
     */
    public void closeAfterFlush() {
        if (closed || closing) {
            return;
        }
        closing = true;
        socket.handler(ignored -> { });
        readOrNot();
        socket.write(Buffer.buffer()).onComplete(flushed -> {
            shutdownOutput();
            onDeadline = this::close;
            expectWithin(LINGER);
        });
    }

    /** Closes at once; what is unwritten is lost. */
    public void close() {
        // Past Vert.x's own handler, which would wait until the peer has taken everything.
        ((NetSocketInternal) socket).channelHandlerContext().close();
    }

    public boolean isClosed() {
        return closed;
    }

    /** Under TLS the peer is told that this end is meant (close_notify, RFC 8446 section 6.1). */
    private void shutdownOutput() {
        SslHandler tls = channel().pipeline().get(SslHandler.class);
        if (tls == null) {
            ((DuplexChannel) channel()).shutdownOutput();
        } else {
            tls.closeOutbound().addListener(ignored -> ((DuplexChannel) channel()).shutdownOutput());
        }
    }

    private Channel channel() {
        return ((NetSocketInternal) socket).channelHandlerContext().channel();
    }

    private boolean handshakeIsDone() {
        SslHandler tls = channel().pipeline().get(SslHandler.class);
        return tls != null && tls.handshakeFuture().isSuccess();
    }

    private void drained() {
        full = false;
        whenDrained.run();
        readOrNot();
    }

    private void readOrNot() {
        if (closed) {
            return;
        }
        // While the peer should begin its handshake, whatever comes before is to be seen, and not to wait in a queue.
        if (!closing && !handshaking && (held || full)) {
            socket.pause();
        } else {
            socket.resume();
        }
    }

    /** One timer at a time; where the deadline moves away it is left to fire early, since restarting costs more. */
    private void startTimer() {
        timerEnd = deadline;
        long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime()) + 1;
        timer = vertx.setTimer(Math.max(1, left), fired -> {
            timer = -1;
            if (deadline - System.nanoTime() <= 0) {
                onDeadline.run();
            } else {
                startTimer();
            }
        });
    }

    private void cancelTimer() {
        if (timer >= 0) {
            vertx.cancelTimer(timer);
            timer = -1;
        }
    }
}
