package org.postbus.pop3gateway;

import java.time.Instant;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.postbus.events.FactCodec;
import org.postbus.events.MailIds;
import org.postbus.events.Topics;
import org.postbus.events.TrailEvent;
import org.postbus.events.TrailStep;
import org.postbus.protocol.pop3.Snapshot;

/** What a session retrieved and deleted, for the mail trail: one event for each of the two, when it ends. */
final class SessionTrail {

    private final Snapshot snapshot;
    private final BitSet numbers = new BitSet();

    SessionTrail(Snapshot snapshot) {
        this.snapshot = snapshot;
    }

    /** The client was sent all of a message. Sent again, it counts once. */
    void retrieved(int number) {
        numbers.set(number);
    }

    /** Tells, at the end of the session. Nobody waits for it: the trail is no promise. */
    void tellRetrieved(Gateway gateway, OpenMaildrop maildrop, String client) {
        List<UUID> mails = numbers.stream().limit(Topics.MAX_DELETIONS).mapToObj(snapshot::mailId).toList();
        long octets = numbers.stream().limit(Topics.MAX_DELETIONS).mapToLong(snapshot::octets).sum();
        tell(gateway, maildrop, client, TrailStep.RETRIEVED, mails, octets);
    }

    /** Tells that the UPDATE state was entered with these deletions. */
    static void tellDeleted(Gateway gateway, OpenMaildrop maildrop, String client, List<UUID> mailIds) {
        tell(gateway, maildrop, client, TrailStep.DELETED, mailIds, 0);
    }

    private static void tell(Gateway gateway, OpenMaildrop maildrop, String client, TrailStep step, List<UUID> mails,
            long octets) {
        if (mails.isEmpty()) {
            return;
        }
        TrailEvent event = new TrailEvent(MailIds.mint(), Instant.now(), Gateway.SERVICE, step, Optional.empty(),
                Optional.of(maildrop.sessionId()), client, Optional.empty(), List.of(), mails,
                Optional.of(maildrop.accountId()), octets, mails.size() + " over POP3");
        gateway.events().partitions(Topics.MAIL_TRAIL).ifPresent(partitions ->
                gateway.events().send(FactCodec.MAIL_TRAIL.encode(event, Gateway.SERVICE, partitions)));
    }
}
