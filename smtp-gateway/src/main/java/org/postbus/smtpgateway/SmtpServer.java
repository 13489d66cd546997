package org.postbus.smtpgateway;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;
import org.postbus.events.MailIds;
import org.postbus.events.Topics;
import org.postbus.events.directory.DirectoryView;
import org.postbus.gateway.ByteBudget;
import org.postbus.gateway.Connection;
import org.postbus.gateway.ConnectionLimits;
import org.postbus.gateway.EventSender;
import org.postbus.gateway.Listener;
import org.postbus.gateway.ListenerSettings;
import org.postbus.protocol.address.AddressRange;
import org.postbus.protocol.smtp.Replies;
import org.postbus.protocol.smtp.SmtpServerSettings;
import org.postbus.protocol.smtp.SmtpService;
import org.postbus.smtpgateway.filter.Filters;

/** The gateway in plain Java: what its sessions share, and the listeners that open them. */
final class SmtpServer implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(SmtpServer.class);
    /** What trail events may hold beside the mail data. */
    private static final long TRAIL_OCTETS = 16L * 1024 * 1024;

    private final SmtpConfig config;
    private final Surroundings around;
    private final EventSender sender;
    private final DirectoryView directory;
    private final KafkaSpace space;
    private final SmtpTrail trail;
    private final SmtpMetrics metrics;
    private final MailIntake intake;
    private final Optional<Logins> logins;
    private final ConnectionLimits limits;
    private final Optional<Blocklists> blocklists;
    private final Listener mx;
    private final Optional<Listener> submission;
    private final Optional<Listener> submissions;
    private volatile boolean draining;

    /** Starts to follow the directory and Kafka's state; {@link #listen} opens the ports. */
    SmtpServer(SmtpConfig config, Surroundings around) {
        this.config = config;
        this.around = around;
        Vertx vertx = around.vertx();
        ByteBudget budget = new ByteBudget(config.dataBudget().asLongValue());
        this.sender = EventSender.start(vertx, around.kafka(), MailIntake.SOURCE,
                List.of(Topics.MAIL_ACCEPTED, Topics.MAIL_TRAIL), config.dataBudget().asLongValue() + TRAIL_OCTETS);
        this.directory = new DirectoryView(around.kafka(), MailIntake.SOURCE);
        this.space = new KafkaSpace(around.kafka(), config.minFreeDisk().asLongValue());
        this.trail = new SmtpTrail(vertx, sender, config.refusalsPerSource());
        this.metrics = new SmtpMetrics(around.registry(), budget);
        this.intake = new MailIntake(vertx, config, sender, directory, around.srs(), budget, around.topicsVerified(), space::isLow,
                Filters.of(config.filter(), vertx, around.registry()), trail, metrics);
        this.limits = new ConnectionLimits(config.maxConnections(), config.maxConnectionsPerAddress());
        this.blocklists = Blocklists.of(config.dnsbl(), vertx);
        this.logins = around.mailbox().map(mailbox -> new Logins(mailbox, config.submission().defaultDomain()));
        this.mx = listener("SMTP", config.port(), SmtpService.MX, false);
        this.submission = config.submission().port().stream()
                .mapToObj(port -> listener("submission", port, SmtpService.SUBMISSION, false)).findFirst();
        this.submissions = config.submission().tlsPort().stream()
                .mapToObj(port -> listener("submissions", port, SmtpService.SUBMISSION, true)).findFirst();
        directory.start();
    }

    /** Opens all ports; fails where one of them cannot be bound. */
    Future<Void> listen() {
        return Future.join(listeners().stream().map(Listener::start).toList()).mapEmpty();
    }

    /** Of the MX. */
    int port() {
        return mx.port();
    }

    int submissionPort() {
        return submission.orElseThrow().port();
    }

    int submissionsPort() {
        return submissions.orElseThrow().port();
    }

    boolean directoryLoaded() {
        return directory.loaded().isDone();
    }

    boolean kafkaReachable() {
        return sender.available();
    }

    /** Whether it goes away: nobody should send it new sessions. */
    boolean draining() {
        return draining;
    }

    /** Takes no more connections and lets open transactions end; blocks for {@code atMost}. */
    void drain(Duration atMost) {
        draining = true;
        try {
            Future.join(listeners().stream().map(Listener::drain).toList())
                    .toCompletionStage().toCompletableFuture().get(atMost.toMillis(), TimeUnit.MILLISECONDS);
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

    private List<Listener> listeners() {
        List<Listener> listeners = new ArrayList<>(List.of(mx));
        submission.ifPresent(listeners::add);
        submissions.ifPresent(listeners::add);
        return listeners;
    }

    private Listener listener(String name, int port, SmtpService service, boolean implicitTls) {
        String refusal = new String(Replies.TOO_MANY_CONNECTIONS.octets(), StandardCharsets.US_ASCII);
        ListenerSettings settings = new ListenerSettings(name, config.host(), port, Runtime.getRuntime().availableProcessors(),
                limits, refusal, config.drain(),
                around.certificates(), implicitTls, proxies(service));
        SmtpSession.Times times = new SmtpSession.Times(config.commandTimeout(), config.crowdedCommandTimeout(),
                config.dataTimeout(), config.maxDataTime(), config.maxSessionTime());
        return new Listener(around.vertx(), settings, connection -> new SmtpSession(connection, settings(service, connection),
                intake, new LoginAttempts(around.vertx(), logins, config.submission().loginDelay()), times,
                blocklists.filter(lists -> service == SmtpService.MX && !connection.peerIsLoopback())),
                this::connectionRefused);
    }

    private void connectionRefused(InetAddress client) {
        metrics.refused(Replies.TOO_MANY_CONNECTIONS);
        trail.refused(new SmtpTrail.Refusal(MailIds.mint(), Optional.empty(), client.getHostAddress(), Optional.empty(),
                Optional.empty()), Replies.TOO_MANY_CONNECTIONS);
    }

    private List<AddressRange> proxies(SmtpService service) {
        Optional<List<String>> named = service == SmtpService.MX ? config.proxies() : config.submission().proxies();
        return named.orElse(List.of()).stream().map(AddressRange::parse).toList();
    }

    private SmtpServerSettings settings(SmtpService service, Connection connection) {
        return new SmtpServerSettings(around.hostname(), service, config.requireHelo(), config.maxMessageSize().asLongValue(),
                config.maxRecipients(), connection.peerIsLoopback() ? 0 : config.maxMailsPerSession(),
                around.certificates().isPresent(),
                connection.peerIsLoopback() || config.submission().allowClearText());
    }
}
