package org.postbus.mailbox.database;

import io.quarkus.flyway.FlywayDataSource;
import io.quarkus.runtime.PreventFurtherStepsException;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.interceptor.Interceptor;
import java.sql.SQLException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;
import org.flywaydb.core.Flyway;
import org.jboss.logging.Logger;
import org.postbus.consumer.Migrations;
import org.postbus.mailbox.config.PlatformConfig;

/** Migrates the schema or waits until somebody has: {@code postbus.migrate}. Not ready before. */
@Readiness
@ApplicationScoped
public class SchemaGuard implements HealthCheck {

    private static final Logger LOG = Logger.getLogger(SchemaGuard.class);
    /** Before any setting is asked for: who only migrates needs no tokens and no Kafka. */
    private static final int FIRST = Interceptor.Priority.PLATFORM_BEFORE - 1;
    private static final int LAST = Interceptor.Priority.PLATFORM_AFTER;
    private static final int LOOK_AGAIN_SECONDS = 1;

    private final CountDownLatch stopping = new CountDownLatch(1);
    private Migrations migrations;
    private Migrations.Mode mode;
    private Event<SchemaReady> begin;
    private Thread waiter = Thread.ofVirtual().unstarted(() -> { });
    private volatile boolean ready;

    /** For the client proxy. */
    SchemaGuard() {
    }

    @Inject
    public SchemaGuard(@FlywayDataSource("mailbox") Flyway flyway, PlatformConfig config, Event<SchemaReady> begin) {
        this.migrations = new Migrations(flyway);
        this.mode = config.migrate();
        this.begin = begin;
    }

    void migrate(@Observes @Priority(FIRST) StartupEvent event) {
        switch (mode) {
            case START -> migrations.run();
            case ONLY -> {
                migrations.run();
                LOG.info(migrations.summary());
                // The one ends the process, the other keeps it from starting before.
                Quarkus.asyncExit(0);
                throw new PreventFurtherStepsException();
            }
            case NEVER -> LOG.debug("somebody else migrates");
        }
    }

    void begin(@Observes @Priority(LAST) StartupEvent event) {
        if (mode == Migrations.Mode.START || done()) {
            begin();
        } else {
            LOG.warn("the schema is older than this program: waiting until it is migrated");
            waiter = Thread.ofVirtual().name("mailbox-schema").start(this::beginWhenDone);
        }
    }

    /** First, so that nothing begins behind the back of what stops. */
    void stop(@Observes @Priority(FIRST) ShutdownEvent event) throws InterruptedException {
        stopping.countDown();
        waiter.join();
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("mailbox-service: schema").status(ready).build();
    }

    private void begin() {
        begin.fire(new SchemaReady());
        ready = true;
    }

    private void beginWhenDone() {
        try {
            while (!stopping.await(LOOK_AGAIN_SECONDS, TimeUnit.SECONDS)) {
                if (done()) {
                    begin();
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.fatal("the service cannot begin", e);
            Quarkus.asyncExit(1);
        }
    }

    private boolean done() {
        try {
            return migrations.done();
        } catch (SQLException e) {
            LOG.warnf("PostgreSQL does not answer, trying again: %s", e.getMessage());
            return false;
        }
    }
}
