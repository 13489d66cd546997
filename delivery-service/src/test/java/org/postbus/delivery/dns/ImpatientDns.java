package org.postbus.delivery.dns;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Asks a scripted DNS, and does not wait long for one that is silent. */
public final class ImpatientDns {

    private ImpatientDns() {
    }

    public static Dns of(Optional<List<String>> servers) {
        return new Dns(servers, Duration.ofSeconds(1), Duration.ofSeconds(2));
    }
}
