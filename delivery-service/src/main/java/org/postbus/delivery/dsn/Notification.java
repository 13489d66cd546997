package org.postbus.delivery.dsn;

import java.util.List;
import java.util.Optional;
import org.postbus.delivery.Outgoing;
import org.postbus.events.Envelope;
import org.postbus.events.FaultPoint;
import org.postbus.events.MailRecord;
import org.postbus.events.TrailEvent;

/** What a report leads to. */
public sealed interface Notification {

    /** Hands it to the producer; {@link Outgoing#awaitAll()} tells whether it arrived. */
    void send(Outgoing outgoing);

    /** What became of the report, as a label of metrics: {@code sent}, {@code not-wanted}, {@code null-reverse-path}. */
    String outcome();

    /**
     * A mail of its own.
     *
     * @param records  for {@code mail.accepted}: one, or chunks where it is large
     * @param accepted its first step on the trail
     */
    record Sent(List<MailRecord<Envelope>> records, TrailEvent accepted) implements Notification {

        public Sent {
            records = List.copyOf(records);
        }

        @Override
        public void send(Outgoing outgoing) {
            records.forEach(outgoing::accepted);
            FaultPoint.DSN_SENT.reached();
            outgoing.trail(accepted);
        }

        @Override
        public String outcome() {
            return "sent";
        }
    }

    /**
     * Nothing.
     *
     * @param outcome why
     * @param untold  for the trail, where a failure stays untold: that shall at least be findable
     */
    record None(String outcome, Optional<TrailEvent> untold) implements Notification {

        @Override
        public void send(Outgoing outgoing) {
            untold.ifPresent(outgoing::trail);
        }
    }
}
