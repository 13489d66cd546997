package org.postbus.pop3gateway;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.quarkus.tls.CertificateUpdatedEvent;
import io.quarkus.tls.TlsConfiguration;
import io.quarkus.tls.TlsConfigurationRegistry;
import io.smallrye.common.annotation.Identifier;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;
import org.postbus.events.ThisMachine;
import org.postbus.events.Topics;
import org.postbus.gateway.ByteBudget;
import org.postbus.gateway.Certificates;
import org.postbus.gateway.ConnectionLimits;
import org.postbus.gateway.EventSender;
import org.postbus.gateway.InternalApi;
import org.postbus.gateway.InternalApiClient;
import org.postbus.gateway.Listener;
import org.postbus.gateway.ListenerSettings;
import org.postbus.gateway.RefusalTrail;
import org.postbus.gateway.TopicVerification;
import org.postbus.protocol.address.AddressRange;

/** Puts the gateway together, opens its port and drains it at the end. */
@Singleton
public class Pop3Gateway {

    private static final Logger LOG = Logger.getLogger(Pop3Gateway.class);
    /** The kubelet, a load balancer and a human at a time. */
    private static final int PROBES = 4;
    private static final Duration START_WITHIN = Duration.ofSeconds(10);
    private static final String REFUSAL = "-ERR [SYS/TEMP] too many connections, or going away\r\n";

    private final Pop3Config config;
    private final Optional<TopicVerification> verification;
    private final Gateway gateway;
    private final Optional<Certificates> certificates;
    private final ConnectionLimits limits;
    private final List<Listener> listeners = new ArrayList<>();

    Pop3Gateway(Vertx vertx, Pop3Config config, PlatformConfig platform, MeterRegistry registry,
            TlsConfigurationRegistry tls, @Identifier("default-kafka-broker") Map<String, Object> kafka) {
        this.config = config;
        if (!kafka.containsKey("bootstrap.servers")) {
            throw new ConfigurationException("kafka.bootstrap.servers is not set: name the brokers");
        }
        InternalApi api = api(platform);
        this.verification = platform.events().verify()
                ? Optional.of(new TopicVerification(kafka, platform.events().replicas(), Pop3Gateway::refuseToRun))
                : Optional.empty();
        String hostname = platform.hostname().orElseGet(ThisMachine::hostname);
        Maildrops maildrops = new Maildrops(
                new InternalApiClient(vertx, api, config.limits().questions()),
                new InternalApiClient(vertx, api, config.limits().messages()),
                new InternalApiClient(vertx, api, PROBES),
                hostname, config.answerTimeout());
        EventSender events = EventSender.start(vertx, kafka, Gateway.SERVICE,
                List.of(Topics.MAILDROP_UPDATED, Topics.MAIL_TRAIL), config.limits().events().asLongValue());
        this.certificates = tls.get(config.tlsConfigurationName()).map(TlsConfiguration::getKeyStoreOptions)
                .map(keys -> new Certificates(vertx, keys));
        this.gateway = new Gateway(vertx, config, hostname, maildrops, events,
                new RefusalTrail(vertx, events, Gateway.SERVICE, config.refusalsPerSource()),
                new ByteBudget(config.limits().listings().asLongValue()),
                new ByteBudget(config.limits().ahead().asLongValue()),
                new RecentMessages(config.limits().recent().asLongValue()), certificates.isPresent(), new Pop3Metrics(registry));
        if (certificates.isEmpty() && config.tlsPort().isPresent()) {
            throw new ConfigurationException("pop3.tls-port is set, and quarkus.tls." + config.tlsConfigurationName()
                    + ".key-store names no certificate");
        }
        this.limits = new ConnectionLimits(config.limits().connections(), config.limits().connectionsPerAddress());
        listen(vertx, "POP3", config.port(), false);
        config.tlsPort().ifPresent(port -> listen(vertx, "POP3S", port, true));
        gateway.metrics().watch(listeners);
    }

    private void listen(Vertx vertx, String name, int port, boolean implicitTls) {
        listeners.add(new Listener(vertx, settings(name, port, implicitTls), connection -> new Pop3Session(gateway, connection),
                client -> gateway.refused(Optional.empty(), client.getHostAddress(), "too many connections, or going away")));
    }

    private ListenerSettings settings(String name, int port, boolean implicitTls) {
        return new ListenerSettings(name, config.host(), port,
                config.loops().orElseGet(() -> Runtime.getRuntime().availableProcessors()),
                limits, REFUSAL, config.drain(), certificates, implicitTls,
                config.proxies().orElse(List.of()).stream().map(AddressRange::parse).toList());
    }

    private static InternalApi api(PlatformConfig platform) {
        try {
            return InternalApi.of(platform.internalUrl(), platform.internalTokenFile(), platform.internalCaFile());
        } catch (IllegalArgumentException e) {
            // Without the cause, which Quarkus would print in place of the one line.
            throw new ConfigurationException(e.getMessage());
        }
    }

    void start(@Observes StartupEvent event) {
        await(Future.join(listeners.stream().map(Listener::start).toList()).mapEmpty(), START_WITHIN,
                "a POP3 listener cannot bind its port on " + config.host());
    }

    void certificatesChanged(@Observes CertificateUpdatedEvent event) {
        if (event.name().equals(config.tlsConfigurationName())) {
            certificates.ifPresent(used -> used.renew(event.tlsConfiguration().getKeyStoreOptions()));
        }
    }

    private static void refuseToRun(List<String> weaknesses) {
        weaknesses.forEach(weakness -> LOG.errorf("Mail would not be safe: %s", weakness));
        Quarkus.asyncExit(1);
    }

    void stop(@Observes ShutdownEvent event) {
        verification.ifPresent(TopicVerification::close);
        drain();
        gateway.refusals().close();
        gateway.events().close();
    }

    /** Takes no more sessions and waits, at most the drain time, for the open ones to end. */
    public void drain() {
        try {
            await(Future.join(listeners.stream().map(Listener::drain).toList()).mapEmpty(), config.drain().plus(START_WITHIN), "POP3 sessions were cut off");
        } catch (CompletionException e) {
            LOG.warn(e.getMessage());
        }
    }

    /** The port in clear text. */
    public int port() {
        return listeners.getFirst().port();
    }

    /** The port under TLS. */
    int tlsPort() {
        return listeners.getLast().port();
    }

    Gateway shared() {
        return gateway;
    }

    /** Whether Kafka takes what QUIT promises, and its topics keep it. */
    boolean kafkaReachable() {
        return gateway.events().available() && verification.map(TopicVerification::passed).orElse(true);
    }

    /** Whether mailbox-service answers. */
    Future<Boolean> mailboxReachable() {
        return gateway.maildrops().reachable();
    }

    private static void await(Future<Void> future, Duration within, String otherwise) {
        try {
            future.toCompletionStage().toCompletableFuture().get(within.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new CompletionException(otherwise + ": " + e.getCause().getMessage(), e.getCause());
        } catch (TimeoutException e) {
            throw new CompletionException(otherwise, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CompletionException(otherwise, e);
        }
    }
}
