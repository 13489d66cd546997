package org.postbus.protocol.message;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** The date-time of RFC 5322, section 3.3, always in UTC. */
public final class DateTimes {

    private static final DateTimeFormatter FORMAT =
            DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss Z", Locale.ENGLISH).withZone(ZoneOffset.UTC);

    private DateTimes() {}

    /** For example {@code Mon, 23 Nov 2026 09:05:00 +0000}. */
    public static String format(Instant instant) {
        return FORMAT.format(instant);
    }
}
