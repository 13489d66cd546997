package org.postbus.mailbox.maildrop;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.postbus.events.FactCodec;
import org.postbus.events.MailIds;
import org.postbus.events.MaildropUpdated;
import org.postbus.events.TrailEvent;
import org.postbus.events.TrailStep;

/** The trail of deletions that no POP3 session made: one event for each mail. */
final class DeletionTrail {

    private static final String SERVICE = "mailbox-service";

    private DeletionTrail() {
    }

    static List<ProducerRecord<byte[], byte[]>> of(MaildropUpdated update, int partitions) {
        return update.deleted().stream()
                .map(mailId -> FactCodec.MAIL_TRAIL.encode(event(update, mailId), SERVICE, partitions)).toList();
    }

    /** The id comes from the deletion, so that a batch that is tried again tells nothing new. */
    private static TrailEvent event(MaildropUpdated update, UUID mailId) {
        UUID id = MailIds.derived(mailId, "deleted/" + update.accountId(), update.at());
        return new TrailEvent(id, update.at(), SERVICE, TrailStep.DELETED, Optional.of(mailId), Optional.empty(), "",
                Optional.empty(), List.of(), List.of(), Optional.of(update.accountId()), 0, "by " + update.cause());
    }
}
