package org.postbus.smtpgateway;

import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.jboss.logging.Logger;
import org.postbus.events.Topics;
import org.postbus.events.directory.DirectoryView;
import org.postbus.gateway.ByteBudget;
import org.postbus.gateway.EventSender;
import org.postbus.gateway.Listener;
import org.postbus.gateway.ListenerSettings;
import org.postbus.protocol.smtp.Replies;
import org.postbus.protocol.smtp.SmtpServerSettings;

/** The gateway in plain Java: what its sessions share, and the listener that opens them. */
final class SmtpServer implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(SmtpServer.class);
    /** What trail events may hold beside the mail data. */
    private static final long TRAIL_OCTETS = 16L * 1024 * 1024;

    private final EventSender sender;
    private final DirectoryView directory;
    private final KafkaSpace space;
    private final SmtpTrail trail;
    private final Listener listener;

    /**
     * Starts to follow the directory and Kafka's state; {@link #listen} opens the port.
     *
     * @param topicsVerified whether mail is safe on the topics: before that none is accepted
     */
    SmtpServer(Vertx vertx, SmtpConfig config, String hostname, Map<String, Object> kafka, MeterRegistry registry,
            BooleanSupplier topicsVerified) {
        ByteBudget budget = new ByteBudget(config.dataBudget().asLongValue());
        this.sender = EventSender.start(vertx, kafka, MailIntake.SOURCE,
                List.of(Topics.MAIL_ACCEPTED, Topics.MAIL_TRAIL), config.dataBudget().asLongValue() + TRAIL_OCTETS);
        this.directory = new DirectoryView(kafka, MailIntake.SOURCE);
        this.space = new KafkaSpace(kafka, config.minFreeDisk().asLongValue());
        this.trail = new SmtpTrail(vertx, sender, config.refusalsPerSource());
        MailIntake intake = new MailIntake(vertx, sender, directory, budget, topicsVerified, space::isLow,
                trail, new SmtpMetrics(registry, budget));
        SmtpServerSettings settings = new SmtpServerSettings(hostname, config.requireHelo(),
                config.maxMessageSize().asLongValue(), config.maxRecipients());
        SmtpSession.Times times =
                new SmtpSession.Times(config.commandTimeout(), config.dataTimeout(), config.maxDataTime());
        this.listener = new Listener(vertx, listenerSettings(config),
                connection -> new SmtpSession(connection, settings, intake, times));
        directory.start();
    }

    Future<Void> listen() {
        return listener.start();
    }

    int port() {
        return listener.port();
    }

    boolean directoryLoaded() {
        return directory.loaded().isDone();
    }

    boolean kafkaReachable() {
        return sender.available();
    }

    /** Takes no more connections and lets open transactions end; blocks for {@code atMost}. */
    void drain(Duration atMost) {
        try {
            listener.drain().toCompletionStage().toCompletableFuture().get(atMost.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            LOG.warnf("Sessions were cut off at shutdown: %s", e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        trail.close();
        sender.close();
        directory.close();
        space.close();
    }

    private static ListenerSettings listenerSettings(SmtpConfig config) {
        String refusal = new String(Replies.TOO_MANY_CONNECTIONS.octets(), StandardCharsets.US_ASCII);
        return new ListenerSettings("smtp", config.host(), config.port(), Runtime.getRuntime().availableProcessors(),
                config.maxConnections(), config.maxConnectionsPerAddress(), refusal, config.drain());
    }
}
