package org.postbus.smtpgateway;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.quarkus.tls.CertificateUpdatedEvent;
import io.quarkus.tls.TlsConfiguration;
import io.quarkus.tls.TlsConfigurationRegistry;
import io.smallrye.common.annotation.Identifier;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.postbus.events.ThisMachine;
import org.postbus.events.directory.Srs;
import org.postbus.gateway.Certificates;
import org.postbus.gateway.InternalApi;
import org.postbus.gateway.InternalApiClient;
import org.postbus.gateway.TopicVerification;

/** The gateway as a service: starts with the application, drains with it. */
@ApplicationScoped
public class SmtpGateway {

    private static final Logger LOG = Logger.getLogger(SmtpGateway.class);
    private static final Duration LISTENING_WITHIN = Duration.ofSeconds(30);
    private static final Duration DRAIN_SLACK = Duration.ofSeconds(2);

    private final SmtpConfig config;
    private final Vertx vertx;
    private final Map<String, Object> kafka;
    private final MeterRegistry registry;
    private final String hostname;
    private final boolean verify;
    private final int replication;
    private final TlsConfigurationRegistry tls;
    private final URI internalUrl;
    private final Optional<Path> internalTokenFile;
    private final Optional<Path> internalCaFile;
    private final Optional<Path> srsSecretFile;

    private Optional<SmtpServer> server = Optional.empty();
    private Optional<Certificates> certificates = Optional.empty();
    private Optional<TopicVerification> verification = Optional.empty();

    SmtpGateway(SmtpConfig config, Vertx vertx, @Identifier("default-kafka-broker") Map<String, Object> kafka,
            MeterRegistry registry, TlsConfigurationRegistry tls,
            @ConfigProperty(name = "postbus.internal-url", defaultValue = "http://localhost:8080") URI internalUrl,
            @ConfigProperty(name = "postbus.internal-token-file") Optional<Path> internalTokenFile,
            @ConfigProperty(name = "postbus.internal-ca-file") Optional<Path> internalCaFile,
            @ConfigProperty(name = "postbus.srs.secret-file") Optional<Path> srsSecretFile,
            @ConfigProperty(name = "postbus.hostname") Optional<String> hostname,
            @ConfigProperty(name = "postbus.events.verify", defaultValue = "true") boolean verify,
            @ConfigProperty(name = "postbus.events.replicas", defaultValue = "3") int replication) {
        this.config = config;
        this.vertx = vertx;
        this.kafka = kafka;
        this.registry = registry;
        this.hostname = hostname.orElseGet(ThisMachine::hostname);
        this.tls = tls;
        this.internalUrl = internalUrl;
        this.internalTokenFile = internalTokenFile;
        this.internalCaFile = internalCaFile;
        this.srsSecretFile = srsSecretFile;
        this.verify = verify;
        this.replication = replication;
    }

    void start(@Observes StartupEvent event) throws ExecutionException, InterruptedException, TimeoutException {
        if (!kafka.containsKey("bootstrap.servers")) {
            throw new ConfigurationException("kafka.bootstrap.servers is not set: name the brokers");
        }
        if (verify) {
            verification = Optional.of(new TopicVerification(kafka, replication, SmtpGateway::refuseToRun));
        }
        SmtpServer started = new SmtpServer(config, new Surroundings(vertx, hostname, kafka, registry, this::topicsVerified,
                certificates(), mailbox(), srsSecretFile.map(SmtpGateway::srs)));
        server = Optional.of(started);
        started.listen().toCompletionStage().toCompletableFuture()
                .get(LISTENING_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
    }

    void certificatesChanged(@Observes CertificateUpdatedEvent event) {
        if (event.name().equals(config.tlsConfigurationName())) {
            certificates.ifPresent(used -> used.renew(event.tlsConfiguration().getKeyStoreOptions()));
            LOG.info("New certificates are in use");
        }
    }

    private Optional<Certificates> certificates() {
        certificates = tls.get(config.tlsConfigurationName()).map(TlsConfiguration::getKeyStoreOptions)
                .map(keys -> new Certificates(vertx, keys));
        if (certificates.isEmpty() && config.submission().tlsPort().isPresent()) {
            throw new ConfigurationException("smtp.submission.tls-port is set, and quarkus.tls." + config.tlsConfigurationName()
                    + ".key-store names no certificate");
        }
        return certificates;
    }

    /** Who judges logins; empty where there is no submission. */
    private Optional<InternalApiClient> mailbox() {
        if (config.submission().port().isEmpty() && config.submission().tlsPort().isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new InternalApiClient(vertx, InternalApi.of(internalUrl, internalTokenFile, internalCaFile),
                    config.submission().questions()));
        } catch (IllegalArgumentException e) {
            // Without the cause, which Quarkus would print in place of the one line.
            throw new ConfigurationException(e.getMessage());
        }
    }

    private static Srs srs(Path file) {
        try {
            return Srs.read(file);
        } catch (IOException | IllegalArgumentException e) {
            throw new ConfigurationException("postbus.srs.secret-file: cannot use " + file + ": " + e, e);
        }
    }

    void stop(@Observes ShutdownEvent event) {
        verification.ifPresent(TopicVerification::close);
        drain();
        server.ifPresent(SmtpServer::close);
    }

    /** Takes no more sessions and waits, at most the drain time, for open transactions to end. */
    public void drain() {
        server.ifPresent(running -> running.drain(config.drain().plus(DRAIN_SLACK)));
    }

    /** The port that is bound. */
    public int port() {
        return server.orElseThrow().port();
    }

    boolean directoryLoaded() {
        return server.map(SmtpServer::directoryLoaded).orElse(false);
    }

    boolean draining() {
        return server.map(SmtpServer::draining).orElse(false);
    }

    boolean kafkaReachable() {
        return server.map(SmtpServer::kafkaReachable).orElse(false);
    }

    boolean topicsVerified() {
        return verification.map(TopicVerification::passed).orElse(!verify);
    }

    private static void refuseToRun(List<String> weaknesses) {
        weaknesses.forEach(weakness -> LOG.errorf("Mail would not be safe: %s", weakness));
        Quarkus.asyncExit(1);
    }
}
