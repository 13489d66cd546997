package org.postbus.delivery;

import io.agroal.api.AgroalDataSource;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.agroal.DataSource;
import io.quarkus.flyway.FlywayDataSource;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.common.annotation.Identifier;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.jboss.logging.Logger;
import org.postbus.consumer.Migrations;
import org.postbus.delivery.dkim.DkimKeys;
import org.postbus.events.ThisMachine;
import org.postbus.events.TopicCheck;
import org.postbus.events.directory.Srs;

/**
 * Starts the service and stops it. A PostgreSQL or a Kafka that is not there yet is waited for, and readiness says so; topics
 * that could lose mail and a schema that cannot be migrated end the process.
 */
@ApplicationScoped
public class DeliveryService {

    private static final Logger LOG = Logger.getLogger(DeliveryService.class);

    private KafkaSettings kafka;
    private AgroalDataSource dataSource;
    private Migrations migrations;
    private MeterRegistry meters;
    private DeliveryConfig config;
    private PlatformConfig platform;
    private Outbound.Surroundings surroundings;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private Optional<Thread> starter = Optional.empty();
    private Optional<Srs> srs = Optional.empty();
    private volatile Optional<DeliveryLoops> loops = Optional.empty();

    /** For the client proxy. */
    DeliveryService() {
    }

    @Inject
    public DeliveryService(@Identifier("default-kafka-broker") Map<String, Object> kafka,
            @DataSource("delivery") AgroalDataSource dataSource, @FlywayDataSource("delivery") Flyway flyway,
            MeterRegistry meters, DeliveryConfig config, PlatformConfig platform, Vertx vertx, DkimKeys keys,
            InstantSource clock) {
        this.kafka = new KafkaSettings(kafka);
        this.dataSource = dataSource;
        this.migrations = new Migrations(flyway);
        this.meters = meters;
        this.config = config;
        this.platform = platform;
        this.surroundings = new Outbound.Surroundings(vertx, keys, clock);
    }

    void onStart(@Observes StartupEvent event) {
        srs = platform.srs().secretFile().map(DeliveryService::srs);
        starter = Optional.of(Thread.ofPlatform().name("delivery-start").daemon(true).start(this::startWhenAllAnswer));
    }

    /** Finishes the batches in hand and leaves the groups. */
    void onStop(@Observes ShutdownEvent event) throws InterruptedException {
        stopping.countDown();
        if (starter.isPresent()) {
            starter.get().interrupt();
            starter.get().join();
        }
        loops.ifPresent(DeliveryLoops::close);
    }

    /** The running loops; empty while PostgreSQL or Kafka does not answer. */
    Optional<DeliveryLoops> loops() {
        return loops;
    }

    private void startWhenAllAnswer() {
        boolean started = false;
        while (!started && stopping.getCount() > 0) {
            try {
                started = start();
            } catch (KafkaException e) {
                LOG.warnf("Kafka does not answer, trying again: %s", e.getMessage());
                started = waitOrStop();
            } catch (SQLException e) {
                LOG.warnf("PostgreSQL does not answer, trying again: %s", e.getMessage());
                started = waitOrStop();
            } catch (FlywayException e) {
                LOG.fatal("the schema cannot be migrated", e);
                Quarkus.asyncExit(1);
                return;
            } catch (IllegalArgumentException e) {
                LOG.fatalf("a setting cannot be meant so: %s", e.getMessage());
                Quarkus.asyncExit(1);
                return;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    /** True when there is nothing left to try. */
    private boolean start() throws InterruptedException, SQLException {
        // Flyway does not tell a database that is away from one that refuses a migration.
        dataSource.getConnection().close();
        if (!schemaReady()) {
            LOG.warn("the schema is older than this program: waiting until it is migrated");
            return waitOrStop();
        }
        List<String> weaknesses = weaknesses();
        if (!weaknesses.isEmpty()) {
            weaknesses.forEach(weakness -> LOG.fatalf("mail could be lost: %s", weakness));
            Quarkus.asyncExit(1);
            return true;
        }
        surroundings.keys().sealAnew();
        DeliveryLoops fresh = new DeliveryLoops(kafka, dataSource, meters, config, platform.events().keep(), hostname(), srs,
                surroundings);
        try {
            loops = Optional.of(fresh.start());
        } catch (SQLException e) {
            fresh.close();
            throw e;
        }
        return true;
    }

    private boolean schemaReady() throws SQLException {
        if (platform.migrate() == Migrations.Mode.START) {
            migrations.run();
            return true;
        }
        return migrations.done();
    }

    private List<String> weaknesses() throws InterruptedException {
        if (!platform.events().verify()) {
            return List.of();
        }
        try (Admin admin = Admin.create(kafka.admin())) {
            return TopicCheck.weaknesses(admin, platform.events().replicas());
        }
    }

    private boolean waitOrStop() {
        try {
            return stopping.await(1, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    private static Srs srs(Path file) {
        try {
            return Srs.read(file);
        } catch (IOException | IllegalArgumentException e) {
            throw new ConfigurationException("postbus.srs.secret-file: cannot use " + file + ": " + e, e);
        }
    }

    private String hostname() {
        return platform.hostname().orElseGet(ThisMachine::hostname);
    }
}
