package org.postbus.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.impl.NetSocketInternal;
import java.net.InetAddress;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.postbus.protocol.proxy.ProxyHeader;

/**
 * A connection from a proxy: its header is read before all else, and what follows goes through the channel as if it had just
 * arrived, be it TLS or clear text. Without a header in time, or with another first octet, the connection is closed.
 */
final class ProxiedChannel extends ChannelInboundHandlerAdapter {

    private static final int HEADER_WITHIN_SECONDS = 5;

    private final Consumer<Optional<InetAddress>> onClient;
    private final ProxyHeader header = new ProxyHeader();
    private final ByteBuf behind = Unpooled.buffer(0);
    private boolean known;

    private ProxiedChannel(Consumer<Optional<InetAddress>> onClient) {
        this.onClient = onClient;
    }

    /**
     * To be called when the connection is there, on its event loop, where the answer comes too.
     *
     * @param onClient called once, unless the connection is closed: whom the proxy connects for, if it can tell
     */
    static void await(NetSocket socket, Consumer<Optional<InetAddress>> onClient) {
        ((NetSocketInternal) socket).channelHandlerContext().pipeline().addFirst("proxy", new ProxiedChannel(onClient));
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        context.executor().schedule(() -> {
            if (!known) {
                context.close();
            }
        }, HEADER_WITHIN_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf octets = (ByteBuf) message;
        try {
            if (known) {
                behind.writeBytes(octets);
            } else {
                read(context, header.receive(ByteBufUtil.getBytes(octets)));
            }
        } finally {
            octets.release();
        }
    }

    private void read(ChannelHandlerContext context, ProxyHeader.Found found) {
        switch (found) {
            case ProxyHeader.Found.Nothing _ -> { }
            case ProxyHeader.Found.Fault _ -> context.close();
            case ProxyHeader.Found.Nobody _ -> clientIsKnown(context, Optional.empty());
            case ProxyHeader.Found.Client(var address) -> clientIsKnown(context, Optional.of(address));
        }
    }

    private void clientIsKnown(ChannelHandlerContext context, Optional<InetAddress> client) {
        known = true;
        behind.writeBytes(header.rest());
        onClient.accept(client);
        // Behind what the listener does now: a TLS handler has its place before us.
        context.executor().execute(() -> {
            context.pipeline().remove(this);
            context.pipeline().fireChannelRead(behind).fireChannelReadComplete();
        });
    }
}
