package org.postbus.delivery;

import io.quarkus.flyway.FlywayDataSource;
import io.quarkus.runtime.PreventFurtherStepsException;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import jakarta.interceptor.Interceptor;
import org.flywaydb.core.Flyway;
import org.jboss.logging.Logger;
import org.postbus.consumer.Migrations;

/** The process that only migrates: {@code postbus.migrate=only}. */
@Singleton
class MigrationJob {

    private static final Logger LOG = Logger.getLogger(MigrationJob.class);
    /** Before any setting is asked for: it needs no Kafka. */
    private static final int FIRST = Interceptor.Priority.PLATFORM_BEFORE - 1;

    void run(@Observes @Priority(FIRST) StartupEvent event, PlatformConfig config,
            @FlywayDataSource("delivery") Instance<Flyway> flyway) {
        if (config.migrate() != Migrations.Mode.ONLY) {
            return;
        }
        Migrations migrations = new Migrations(flyway.get());
        migrations.run();
        LOG.info(migrations.summary());
        // The one ends the process, the other keeps it from starting before.
        Quarkus.asyncExit(0);
        throw new PreventFurtherStepsException();
    }
}
