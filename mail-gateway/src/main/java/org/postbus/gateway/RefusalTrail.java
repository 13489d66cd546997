package org.postbus.gateway;

import io.vertx.core.Vertx;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.postbus.events.FactCodec;
import org.postbus.events.MailIds;
import org.postbus.events.Topics;
import org.postbus.events.TrailEvent;
import org.postbus.events.TrailStep;

/**
 * Tells the trail what a gateway refused: so many refusals of a client in a minute one by one, the others as one count. Nothing
 * waits for it, and nothing fails with it. Safe for all threads.
 */
public final class RefusalTrail implements AutoCloseable {

    private static final long MINUTE_MILLIS = 60_000;
    /** Octets of a /64. */
    private static final int HOST_OCTETS = 8;

    private final Vertx vertx;
    private final EventSender sender;
    private final String service;
    private final RefusalBudget budget;
    private final long timer;

    /**
     * @param service   that refuses, as events name it
     * @param perSource refusals of an IPv4 address or IPv6 /64 that are told one by one in a minute
     */
    public RefusalTrail(Vertx vertx, EventSender sender, String service, int perSource) {
        this.vertx = vertx;
        this.sender = sender;
        this.service = service;
        this.budget = new RefusalBudget(perSource);
        this.timer = vertx.setPeriodic(MINUTE_MILLIS, ignored -> summarise());
    }

    /**
     * What is known of a refusal.
     *
     * @param sessionId empty where there was none yet
     * @param client    its IP address
     * @param detail    what the client was told
     */
    public record Refusal(Optional<UUID> mailId, Optional<UUID> sessionId, String client, Optional<String> reversePath,
            List<TrailEvent.Recipient> recipients, String detail) {

        /** Of a session and not of a mail. */
        public static Refusal of(Optional<UUID> sessionId, String client, String detail) {
            return new Refusal(Optional.empty(), sessionId, client, Optional.empty(), List.of(), detail);
        }
    }

    /** Tells it, or counts it. */
    public void refused(Refusal refusal) {
        if (budget.tell(source(refusal.client()))) {
            send(refusal);
        }
    }

    /** What counts as one client: an IPv4 address, or an IPv6 network of a host, by the first of its addresses. */
    private static String source(String client) {
        InetAddress address = InetAddress.ofLiteral(client);
        if (!(address instanceof Inet6Address)) {
            return client;
        }
        byte[] network = address.getAddress();
        Arrays.fill(network, HOST_OCTETS, network.length, (byte) 0);
        try {
            return InetAddress.getByAddress(network).getHostAddress();
        } catch (UnknownHostException e) {
            throw new IllegalStateException("16 octets are an address", e);
        }
    }

    /** Tells what is left to tell. */
    @Override
    public void close() {
        vertx.cancelTimer(timer);
        summarise();
    }

    private void summarise() {
        budget.nextMinute().forEach((client, count) ->
                send(Refusal.of(Optional.empty(), client, count + " more refusals within a minute")));
    }

    private void send(Refusal refusal) {
        TrailEvent event = new TrailEvent(MailIds.mint(), Instant.now(), service, TrailStep.REFUSED, refusal.mailId(),
                refusal.sessionId(), refusal.client(), refusal.reversePath(), refusal.recipients(), List.of(), Optional.empty(), 0,
                refusal.detail());
        sender.partitions(Topics.MAIL_TRAIL)
                .ifPresent(partitions -> sender.send(FactCodec.MAIL_TRAIL.encode(event, service, partitions)));
    }
}
