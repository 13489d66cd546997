package org.postbus.smtpgateway;

import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.postbus.events.directory.Srs;
import org.postbus.gateway.Certificates;
import org.postbus.gateway.InternalApiClient;

/**
 * What a server finds around it.
 *
 * @param kafka          base configuration of every Kafka client
 * @param topicsVerified whether mail is safe on the topics: before that none is accepted
 * @param certificates   empty where nothing is encrypted
 * @param mailbox        where logins are judged; empty where nobody can log in
 * @param srs            knows the reverse-paths of forwarded mail; empty where they are forwarded as they are
 */
record Surroundings(Vertx vertx, String hostname, Map<String, Object> kafka, MeterRegistry registry,
        BooleanSupplier topicsVerified, Optional<Certificates> certificates, Optional<InternalApiClient> mailbox, Optional<Srs> srs) {}
