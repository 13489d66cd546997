package org.postbus.events;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;

/** Record headers of a CloudEvent 1.0 in the binary mode of its Kafka protocol binding. */
final class Headers {

    static final String TYPE = "ce_type";
    static final String ENVELOPE = "envelope";
    static final String CHUNK = "chunk";
    static final String VERSION = "version";

    private Headers() {
    }

    /**
     * @param id      the event's id: the same for a repetition of the same event
     * @param traceId what the event is about; its 128 bits are the trace id of {@code traceparent}, so one trace
     *                spans a mail from SMTP to POP3 without any state
     */
    static RecordHeaders of(String type, String id, String source, Instant time, UUID traceId, String contentType) {
        RecordHeaders headers = new RecordHeaders();
        put(headers, "ce_specversion", "1.0");
        put(headers, TYPE, type);
        put(headers, "ce_id", id);
        put(headers, "ce_source", "/" + source);
        put(headers, "ce_time", time.toString());
        put(headers, "content-type", contentType);
        put(headers, "traceparent", traceparent(traceId));
        return headers;
    }

    static void put(org.apache.kafka.common.header.Headers headers, String name, String value) {
        headers.add(name, value.getBytes(StandardCharsets.UTF_8));
    }

    static Optional<String> text(org.apache.kafka.common.header.Headers headers, String name) {
        return Optional.ofNullable(headers.lastHeader(name)).map(Header::value)
                .map(value -> new String(value, StandardCharsets.UTF_8));
    }

    static String require(org.apache.kafka.common.header.Headers headers, String name) throws ContractViolation {
        return text(headers, name).orElseThrow(() -> new ContractViolation("no header " + name));
    }

    /** W3C Trace Context, with a random parent id of which the low bit is set: it must not be zero. */
    private static String traceparent(UUID traceId) {
        HexFormat hex = HexFormat.of();
        return "00-" + hex.toHexDigits(traceId.getMostSignificantBits())
                + hex.toHexDigits(traceId.getLeastSignificantBits())
                + "-" + hex.toHexDigits(ThreadLocalRandom.current().nextLong() | 1) + "-01";
    }
}
