package org.postbus.rest;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.BeanProperty;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.deser.ContextualDeserializer;
import java.io.IOException;
import java.util.Optional;

/**
 * A field of a PATCH body, which tells a field that is not there from one that is null (RFC 7396).
 *
 * @param given whether the field is there
 * @param value empty if it is null or not there
 */
@JsonDeserialize(using = Patch.Reader.class)
public record Patch<T>(boolean given, Optional<T> value) {

    /** The new value, if the field is there; for fields that cannot be null. */
    public Optional<T> change(String name) {
        if (given && value.isEmpty()) {
            throw ProblemType.INVALID.because("the field " + name + " cannot be null");
        }
        return value;
    }

    static final class Reader extends JsonDeserializer<Patch<?>> implements ContextualDeserializer {

        private final JavaType type;

        Reader() {
            this(null);
        }

        private Reader(JavaType type) {
            this.type = type;
        }

        @Override
        public JsonDeserializer<?> createContextual(DeserializationContext context, BeanProperty property) {
            return new Reader(context.getContextualType().containedType(0));
        }

        @Override
        public Patch<?> deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            return new Patch<>(true, Optional.of(context.readValue(parser, type)));
        }

        @Override
        public Patch<?> getNullValue(DeserializationContext context) {
            return new Patch<>(true, Optional.empty());
        }

        @Override
        public Patch<?> getAbsentValue(DeserializationContext context) {
            return new Patch<>(false, Optional.empty());
        }
    }
}
