package org.postbus.pop3gateway;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/**
 * Messages that were fetched a while ago, for whoever asks for them next: the other recipients of a mail, a client that looked
 * at the header section first, one that leaves its mail here. A stored message never changes, and whether a session may have
 * it is for its snapshot and its lease to say. Safe for all threads.
 */
final class RecentMessages {

    /** Octets of the largest message that is kept. */
    static final int MAX_OCTETS = 64 * 1024;

    /** What an entry costs beside its octets, about. */
    private static final int ENTRY_OCTETS = 200;
    /** From when it was fetched: an erased mail is here no longer. */
    private static final Duration KEPT = Duration.ofMinutes(5);

    private final Cache<Key, Buffer> messages;

    /** In UTF-8 mode there are messages which without it there are not. */
    private record Key(UUID mailId, boolean utf8) { }

    /** @param octets of all messages together; 0 keeps none */
    RecentMessages(long octets) {
        // On the caller's thread: its work is small, and no other pool has to wake up for it.
        messages = Caffeine.newBuilder().maximumWeight(octets).expireAfterWrite(KEPT).executor(Runnable::run)
                .<Key, Buffer>weigher((key, message) -> message.length() + ENTRY_OCTETS).build();
    }

    /** @param octets as the session's snapshot lists them */
    Optional<Buffer> find(Maildrops.View view, UUID mailId, long octets) {
        return Optional.ofNullable(messages.getIfPresent(new Key(mailId, view.utf8())))
                .filter(message -> message.length() == octets);
    }

    /** Keeps a copy. */
    void add(Maildrops.View view, UUID mailId, Buffer message) {
        if (message.length() <= MAX_OCTETS) {
            messages.put(new Key(mailId, view.utf8()), Buffer.buffer(message.getBytes()));
        }
    }
}
