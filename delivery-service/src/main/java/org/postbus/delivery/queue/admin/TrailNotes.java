package org.postbus.delivery.queue.admin;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.postbus.delivery.Outgoing;
import org.postbus.delivery.queue.MailRows;
import org.postbus.delivery.queue.QueuedMail;
import org.postbus.events.Envelope;
import org.postbus.events.FactCodec;
import org.postbus.events.MailIds;
import org.postbus.events.TrailEvent;
import org.postbus.events.TrailStep;

/** Tells the trail what was done to recipients that stay in the queue: one event for each mail, in the outbox. */
final class TrailNotes {

    /** Other or undefined status (RFC 3463, section 3.1), where no attempt told one yet. */
    private static final String UNDEFINED = "4.0.0";
    private static final String TELL = "INSERT INTO outbox (trail) SELECT unnest(?::bytea[])";

    private TrailNotes() {
    }

    /** Called in the transaction of the change. */
    static void write(Connection connection, List<QueueItem> items, Instant at, String detail) throws SQLException {
        Map<UUID, List<QueueItem>> byMail = items.stream()
                .collect(Collectors.groupingBy(QueueItem::mailId, LinkedHashMap::new, Collectors.toList()));
        Map<UUID, QueuedMail> mails = MailRows.read(connection, byMail.keySet());
        byte[][] events = byMail.entrySet().stream().filter(entry -> mails.containsKey(entry.getKey()))
                .map(entry -> event(mails.get(entry.getKey()), entry.getValue(), at, detail))
                .map(FactCodec.MAIL_TRAIL::json).toArray(byte[][]::new);
        try (PreparedStatement statement = connection.prepareStatement(TELL)) {
            statement.setArray(1, connection.createArrayOf("bytea", events));
            statement.executeUpdate();
        }
    }

    private static TrailEvent event(QueuedMail mail, List<QueueItem> items, Instant at, String detail) {
        List<TrailEvent.Recipient> recipients = items.stream().map(item -> new TrailEvent.Recipient(item.originalRecipient(),
                item.finalRecipient(), item.status().orElse(UNDEFINED), item.diagnosticCode().orElse(""))).toList();
        Envelope envelope = mail.envelope();
        return new TrailEvent(MailIds.mint(), at, Outgoing.SERVICE, TrailStep.DELAYED, Optional.of(envelope.mailId()),
                Optional.empty(), "", Optional.of(envelope.reversePath()), recipients, List.of(), Optional.empty(), mail.octets(),
                detail);
    }
}
