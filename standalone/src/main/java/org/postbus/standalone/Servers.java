package org.postbus.standalone;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.postbus.embedded.EmbeddedKafka;
import org.postbus.embedded.EmbeddedPostgres;
import org.postbus.embedded.EmbeddedServerException;
import org.postbus.events.TopicSettings;
import org.postbus.events.Topics;

/** The embedded Kafka and PostgreSQL, with the topics and the database that the services need. */
record Servers(EmbeddedKafka kafka, EmbeddedPostgres postgres) implements AutoCloseable {

    static final String DATABASE = "postbus";

    /** Starts both at once; if one fails, the other is stopped again. */
    static Servers start(DataFolder data, Options options) {
        var kafka = CompletableFuture.supplyAsync(() -> startKafka(data, options));
        var postgres = CompletableFuture.supplyAsync(() -> startPostgres(data, options));
        try {
            return new Servers(kafka.join(), postgres.join());
        } catch (CompletionException e) {
            closeIfStarted(kafka);
            closeIfStarted(postgres);
            throw e.getCause() instanceof EmbeddedServerException cause ? new Refusal(cause.getMessage(), cause) : e;
        }
    }

    /** A PostgreSQL that outlived a killed Postbus holds its port: to be called before the ports are checked. */
    static void stopLeftBehind(DataFolder data, Options options) {
        EmbeddedPostgres.stopLeftBehind(postgresSettings(data, options));
    }

    /** To be called when every client of theirs has stopped. */
    @Override
    public void close() {
        var kafkaStopped = CompletableFuture.runAsync(kafka::close);
        postgres.close();
        kafkaStopped.join();
    }

    private static EmbeddedKafka startKafka(DataFolder data, Options options) {
        EmbeddedKafka kafka = EmbeddedKafka.start(new EmbeddedKafka.Settings(
                data.path("kafka"), Port.KAFKA.number(options), Port.KAFKA_CONTROLLER.number(options), true));
        kafka.createTopics(Topics.ALL.stream()
                .map(topic -> new EmbeddedKafka.Topic(topic.name(),
                        TopicSettings.PARTITIONS_ON_ONE_MACHINE, topic.standaloneConfig()))
                .toList());
        return kafka;
    }

    private static EmbeddedPostgres startPostgres(DataFolder data, Options options) {
        EmbeddedPostgres postgres = EmbeddedPostgres.start(postgresSettings(data, options));
        postgres.createDatabase(DATABASE);
        return postgres;
    }

    private static EmbeddedPostgres.Settings postgresSettings(DataFolder data, Options options) {
        return new EmbeddedPostgres.Settings(data.path("postgres"), data.path("programs"), Port.POSTGRES.number(options));
    }

    private static void closeIfStarted(CompletableFuture<? extends AutoCloseable> server) {
        try {
            server.join().close();
        } catch (Exception e) {
            // It is the one that failed, or it cannot be stopped: the process ends anyway.
        }
    }
}
