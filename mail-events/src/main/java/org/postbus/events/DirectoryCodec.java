package org.postbus.events;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.postbus.events.directory.DirectoryChange;
import org.postbus.events.directory.DirectoryEntry;

/**
 * The directory on the event log: the key says what the entry is about, {@code domain:…} or {@code address:…}; a
 * deletion has no value, so that compaction forgets it in the end, and its version as a header.
 */
public final class DirectoryCodec {

    private static final String DOMAIN_TYPE = "org.postbus.directory.domain.v1";
    private static final String ACCOUNT_TYPE = "org.postbus.directory.account.v1";
    private static final String ALIAS_TYPE = "org.postbus.directory.alias.v1";
    private static final String DELETED_TYPE = "org.postbus.directory.deleted.v1";
    private static final String REBUILDING_TYPE = "org.postbus.directory.rebuilding.v1";

    private DirectoryCodec() {
    }

    /** @param source the service that produces it */
    public static ProducerRecord<byte[], byte[]> encode(DirectoryEntry entry, String source) {
        String type = switch (entry) {
            case DirectoryEntry.Domain domain -> DOMAIN_TYPE;
            case DirectoryEntry.Account account -> ACCOUNT_TYPE;
            case DirectoryEntry.Alias alias -> ALIAS_TYPE;
        };
        return record(DirectoryChange.key(entry), type, entry.version(), EventJson.write(entry), source);
    }

    /** @param key of the entry that is gone, by {@link DirectoryChange#domainKey} or {@link DirectoryChange#addressKey} */
    public static ProducerRecord<byte[], byte[]> encodeDeletion(String key, long version, String source) {
        return record(key, DELETED_TYPE, version, null, source);
    }

    /** What is published before names that the topic lacks; its deletion is published behind them. */
    public static ProducerRecord<byte[], byte[]> encode(DirectoryChange.Rebuilding rebuilding, String source) {
        byte[] nothing = "{}".getBytes(StandardCharsets.UTF_8);
        return record(rebuilding.key(), REBUILDING_TYPE, rebuilding.version(), nothing, source);
    }

    /** @throws ContractViolation if the record is no directory change, whoever wrote it */
    public static DirectoryChange decode(ConsumerRecord<byte[], byte[]> record) throws ContractViolation {
        if (record.key() == null) {
            throw new ContractViolation("no key");
        }
        String key = new String(record.key(), StandardCharsets.UTF_8);
        if (record.value() == null) {
            return new DirectoryChange.Deleted(key, version(Headers.require(record.headers(), Headers.VERSION)));
        }
        if (key.equals(DirectoryChange.Rebuilding.KEY)) {
            return new DirectoryChange.Rebuilding(version(Headers.require(record.headers(), Headers.VERSION)));
        }
        DirectoryEntry entry = EventJson.read(record.value(), type(Headers.require(record.headers(), Headers.TYPE)));
        if (!key.equals(DirectoryChange.key(entry))) {
            throw new ContractViolation("the key is of another entry");
        }
        return new DirectoryChange.Put(key, entry);
    }

    private static Class<? extends DirectoryEntry> type(String ceType) throws ContractViolation {
        return switch (ceType) {
            case DOMAIN_TYPE -> DirectoryEntry.Domain.class;
            case ACCOUNT_TYPE -> DirectoryEntry.Account.class;
            case ALIAS_TYPE -> DirectoryEntry.Alias.class;
            default -> throw new ContractViolation("unknown ce_type on " + Topics.MAIL_DIRECTORY);
        };
    }

    private static long version(String text) throws ContractViolation {
        if (!text.matches("[0-9]{1,18}")) {
            throw new ContractViolation("not a version");
        }
        return Long.parseLong(text);
    }

    private static ProducerRecord<byte[], byte[]> record(String key, String type, long version, byte[] value, String source) {
        UUID about = UUID.nameUUIDFromBytes((key + "/" + version).getBytes(StandardCharsets.UTF_8));
        RecordHeaders headers = Headers.of(type, key + "/" + version, source, Instant.now(), about, "application/json");
        Headers.put(headers, Headers.VERSION, Long.toString(version));
        return new ProducerRecord<>(Topics.MAIL_DIRECTORY, 0, key.getBytes(StandardCharsets.UTF_8), value, headers);
    }
}
