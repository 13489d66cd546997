package org.postbus.delivery.relay;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.postbus.delivery.queue.QueuedMail;
import org.postbus.delivery.queue.QueuedRecipient;

/**
 * What one mail transaction is to do: a mail, and recipients of it with one destination and one reverse-path.
 *
 * @param claim  under which the recipients are held
 * @param octets of the mail where it is in one chunk and in memory; else its octets are read when they are needed
 */
record Transmission(UUID claim, QueuedMail mail, List<QueuedRecipient> recipients, Optional<byte[]> octets) {

    /** Recipients of one transaction: what every server has to take (RFC 5321, section 4.5.3.1.8). */
    static final int MAX_RECIPIENTS = 100;

    private record Group(UUID mailId, String destination, String reversePath) {
    }

    Transmission {
        recipients = List.copyOf(recipients);
    }

    /** The recipients grouped, in the order in which they come. */
    static List<Transmission> of(UUID claim, Map<UUID, QueuedMail> mails, List<QueuedRecipient> recipients, Optional<byte[]> octets) {
        Map<Group, List<QueuedRecipient>> groups = new LinkedHashMap<>();
        for (QueuedRecipient one : recipients) {
            groups.computeIfAbsent(new Group(one.mailId(), one.destination(), one.reversePath()), group -> new ArrayList<>()).add(one);
        }
        return groups.entrySet().stream()
                .flatMap(group -> split(group.getValue()).stream()
                        .map(some -> new Transmission(claim, mails.get(group.getKey().mailId()), some, octets)))
                .toList();
    }

    private static Collection<List<QueuedRecipient>> split(List<QueuedRecipient> all) {
        List<List<QueuedRecipient>> parts = new ArrayList<>();
        for (int from = 0; from < all.size(); from += MAX_RECIPIENTS) {
            parts.add(all.subList(from, Math.min(all.size(), from + MAX_RECIPIENTS)));
        }
        return parts;
    }

    String destination() {
        return recipients.getFirst().destination();
    }

    String reversePath() {
        return recipients.getFirst().reversePath();
    }

    /** How many recipients. */
    int size() {
        return recipients.size();
    }

    long octetsInMemory() {
        return octets.map(all -> all.length).orElse(0);
    }
}
