package org.postbus.systemtest.relay;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.postbus.systemtest.Await;
import org.postbus.systemtest.RunningPlatform;

/** The trail of one mail, by REST. */
record Trail(RunningPlatform platform, String mailId) {

    private static final Duration WITHIN = Duration.ofSeconds(30);

    /** The first event of that step, once it is there. */
    JsonNode await(String step) throws Exception {
        return Await.answer(step + " in the trail of " + mailId, WITHIN, () -> find(step));
    }

    /** Its steps, in their order. */
    List<String> steps() {
        List<String> steps = new ArrayList<>();
        platform.admin().get("/mails/" + mailId).get("events").forEach(event -> steps.add(event.get("step").asText()));
        return steps;
    }

    private Optional<JsonNode> find(String step) {
        // Nothing is known of a mail until its first event is there.
        if (platform.admin().send("GET", "/api/v1/mails/" + mailId, "").statusCode() != 200) {
            return Optional.empty();
        }
        for (JsonNode event : platform.admin().get("/mails/" + mailId).get("events")) {
            if (event.get("step").asText().equals(step)) {
                return Optional.of(event);
            }
        }
        return Optional.empty();
    }
}
