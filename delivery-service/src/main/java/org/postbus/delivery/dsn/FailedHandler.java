package org.postbus.delivery.dsn;

import io.micrometer.core.instrument.MeterRegistry;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jboss.logging.Logger;
import org.jboss.logging.MDC;
import org.postbus.consumer.BatchHandler;
import org.postbus.consumer.EventProducer;
import org.postbus.delivery.Outgoing;
import org.postbus.events.ContractViolation;
import org.postbus.events.FactCodec;
import org.postbus.events.MailFailed;

/**
 * Applies {@code mail.failed}: the reverse-path gets a delivery status notification, which is a new mail with the null
 * reverse-path. Its id comes from the failed mail's, so one that is made twice is one mail.
 */
public final class FailedHandler implements BatchHandler {

    private static final Logger LOG = Logger.getLogger(FailedHandler.class);

    private final EventProducer producer;
    private final MeterRegistry meters;
    private final Notifications notifications;
    private final List<String> outcomes = new ArrayList<>();

    /** @param hostname the reporting MTA */
    public FailedHandler(EventProducer producer, MeterRegistry meters, String hostname) {
        this.producer = producer;
        this.meters = meters;
        this.notifications = new Notifications(hostname);
    }

    @Override
    public void apply(Connection connection, List<ConsumerRecord<byte[], byte[]>> records) throws ContractViolation {
        List<MailFailed> failures = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            failures.add(FactCodec.MAIL_FAILED.decode(record));
        }
        outcomes.clear();
        Outgoing outgoing = new Outgoing(producer);
        for (MailFailed failed : failures) {
            MDC.put("mailId", failed.envelope().mailId());
            try {
                tell(Report.from(failed), outgoing);
            } finally {
                MDC.remove("mailId");
            }
        }
        outgoing.awaitAll();
    }

    @Override
    public void committed(List<ConsumerRecord<byte[], byte[]>> records) {
        outcomes.forEach(outcome -> meters.counter("postbus.delivery.dsn", "outcome", outcome).increment());
    }

    private void tell(Report report, Outgoing outgoing) throws ContractViolation {
        Notification notification = notifications.of(report);
        notification.send(outgoing);
        outcomes.add(notification.outcome());
        LOG.debugf("mail %s: notification %s: %s", report.envelope().mailId(), report.notificationId(), notification.outcome());
    }
}
