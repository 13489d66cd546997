package org.postbus.events;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.EnumFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;

/** JSON of the events, and of what services keep of them: times as ISO 8601, enum words in lower case, unknown fields ignored so that evolution can add. */
public final class EventJson {

    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .addModule(new Jdk8Module())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
            .enable(EnumFeature.WRITE_ENUMS_TO_LOWERCASE)
            .serializationInclusion(JsonInclude.Include.NON_ABSENT)
            .build();

    static {
        MAPPER.getFactory().setStreamReadConstraints(StreamReadConstraints.builder()
                .maxStringLength(Topics.MAX_RECORD_OCTETS).maxNestingDepth(20).build());
    }

    private EventJson() {
    }

    public static byte[] write(Object event) {
        try {
            return MAPPER.writeValueAsBytes(event);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not an event: " + event.getClass(), e);
        }
    }

    /** @throws ContractViolation if it is none of that type */
    public static <T> T read(byte[] json, Class<T> type) throws ContractViolation {
        if (json == null) {
            throw new ContractViolation("no JSON where a " + type.getSimpleName() + " must be");
        }
        try {
            T value = MAPPER.readValue(json, type);
            if (value == null) {
                throw new ContractViolation("null where a " + type.getSimpleName() + " must be");
            }
            return value;
        } catch (IOException e) {
            throw new ContractViolation("not a " + type.getSimpleName() + ": " + e.getMessage(), e);
        }
    }
}
