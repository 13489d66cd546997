package org.postbus.events;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.common.utils.Utils;

/** The topics of the event log, their names and the one rule that maps a key to a partition. */
public final class Topics {

    public static final String MAIL_ACCEPTED = "mail.accepted";
    public static final String MAIL_ROUTED = "mail.routed";
    public static final String MAIL_FAILED = "mail.failed";
    public static final String MAILDROP_UPDATED = "maildrop.updated";
    public static final String MAIL_DIRECTORY = "mail.directory";
    public static final String MAIL_TRAIL = "mail.trail";
    public static final String DELIVERY_DEAD_LETTER = "delivery.dead-letter";
    public static final String MAILBOX_DEAD_LETTER = "mailbox.dead-letter";

    /** Octets of mail data that one record bears at most; larger mail travels in chunks of this size. */
    public static final int CHUNK_OCTETS = 256 * 1024;

    /** Upper bound of one record, request and fetch, in octets. */
    public static final int MAX_RECORD_OCTETS = 4 * 1024 * 1024;

    /** Messages one session may delete: their ids must fit one record, so that QUIT is all or nothing. */
    public static final int MAX_DELETIONS = 100_000;

    public static final List<TopicSettings> ALL = List.of(
            TopicSettings.log(MAIL_ACCEPTED, 24),
            TopicSettings.log(MAIL_ROUTED, 24),
            TopicSettings.log(MAIL_FAILED, 24),
            TopicSettings.log(MAILDROP_UPDATED, 24),
            TopicSettings.compacted(MAIL_DIRECTORY),
            TopicSettings.unflushed(MAIL_TRAIL, 24),
            TopicSettings.log(DELIVERY_DEAD_LETTER, 1),
            TopicSettings.log(MAILBOX_DEAD_LETTER, 1));

    private Topics() {
    }

    /**
     * The partition of a key. Every producer sets it, so that all of them agree and a large mail's chunks
     * cannot part when partitions are added while it arrives.
     */
    public static int partition(String key, int partitionCount) {
        return Utils.toPositive(Utils.murmur2(key.getBytes(StandardCharsets.UTF_8))) % partitionCount;
    }
}
