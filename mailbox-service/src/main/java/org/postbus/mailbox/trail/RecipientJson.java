package org.postbus.mailbox.trail;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;

/** The recipients of an event in their column. */
final class RecipientJson {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private RecipientJson() {
    }

    static String write(List<org.postbus.events.TrailEvent.Recipient> recipients) {
        List<TrailView.Recipient> clean = recipients.stream().map(TrailView.Recipient::of).toList();
        try {
            return MAPPER.writeValueAsString(clean);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("recipients of an event that are no JSON", e);
        }
    }

    static List<TrailView.Recipient> read(String json) {
        try {
            return List.of(MAPPER.readValue(json, TrailView.Recipient[].class));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the column recipients holds no recipients", e);
        }
    }
}
