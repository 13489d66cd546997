package org.postbus.mailbox.eventlog;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.postbus.consumer.BatchHandler;
import org.postbus.consumer.LoopStatus;
import org.postbus.consumer.Pace;
import org.postbus.consumer.PollLoop;
import org.postbus.consumer.Subscription;
import org.postbus.consumer.Trimmer;
import org.postbus.events.Topics;
import org.postbus.mailbox.config.PlatformConfig;
import org.postbus.mailbox.database.Database;
import org.postbus.mailbox.database.SchemaReady;
import org.postbus.mailbox.deadletter.DeadLetterIndex;
import org.postbus.mailbox.directory.Outbox;
import org.postbus.mailbox.directory.OutboxPublisher;
import org.postbus.mailbox.filing.FilingMetrics;
import org.postbus.mailbox.filing.MailFiler;
import org.postbus.mailbox.maildrop.MaildropUpdates;
import org.postbus.mailbox.trail.TrailRecorder;

/** Runs a poll loop for each topic that this service consumes, and trims those that nobody else does. */
@Singleton
public class EventLoops {

    static final String SERVICE = "mailbox";

    private static final List<String> OURS = List.of(Topics.MAIL_ROUTED, Topics.MAILDROP_UPDATED, Topics.MAIL_TRAIL);

    private final EventLog log;
    private final Database database;
    private final MeterRegistry meters;
    private final PlatformConfig config;
    private final Outbox outbox;
    private final OutboxPublisher publisher;
    private final List<PollLoop> loops = new CopyOnWriteArrayList<>();
    private Optional<Trimmer> trimmer = Optional.empty();

    public EventLoops(EventLog log, Database database, MeterRegistry meters, PlatformConfig config, Outbox outbox,
            OutboxPublisher publisher) {
        this.log = log;
        this.database = database;
        this.meters = meters;
        this.config = config;
        this.outbox = outbox;
        this.publisher = publisher;
    }

    /** How each loop fares. */
    public List<LoopStatus> status() {
        return loops.stream().map(PollLoop::status).toList();
    }

    void start(@Observes SchemaReady event) {
        DeadLetterIndex deadLetters = new DeadLetterIndex();
        loop(Topics.MAIL_ROUTED, Pace.STEADY, new MailFiler(log.producer(), outbox::add, publisher::wake, new FilingMetrics(meters)));
        loop(Topics.MAILDROP_UPDATED, Pace.PROMPT, new MaildropUpdates(log.producer()));
        loop(Topics.MAIL_TRAIL, Pace.LEISURELY, new TrailRecorder());
        loop(Topics.DELIVERY_DEAD_LETTER, Pace.PROMPT, deadLetters);
        loop(Topics.MAILBOX_DEAD_LETTER, Pace.PROMPT, deadLetters);
        trimmer = Optional.of(new Trimmer(SERVICE, OURS, config.events().keep(), database.source(), log.settings()).start());
    }

    void stop(@Observes ShutdownEvent event) {
        loops.parallelStream().forEach(PollLoop::close);
        trimmer.ifPresent(Trimmer::close);
    }

    private void loop(String topic, Pace pace, BatchHandler handler) {
        Subscription subscription = new Subscription(SERVICE, topic, log.settings(), pace);
        loops.add(new PollLoop(subscription, database.source(), handler, log.producer(), meters).start());
    }
}
