package org.postbus.delivery;

import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import jakarta.interceptor.Interceptor;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** What has no default. Looked for before anything else starts, so that what is missing is said in one line. */
@Singleton
class RequiredSettings {

    void check(@Observes @Priority(Interceptor.Priority.PLATFORM_BEFORE) StartupEvent event,
            @ConfigProperty(name = "kafka.bootstrap.servers") Optional<String> brokers,
            @ConfigProperty(name = "quarkus.datasource.delivery.jdbc.url") Optional<String> database) {
        brokers.orElseThrow(() -> new ConfigurationException("kafka.bootstrap.servers is not set: name the brokers"));
        database.orElseThrow(() -> new ConfigurationException(
                "quarkus.datasource.delivery.jdbc.url is not set: name the database, with .username and .password"));
    }
}
