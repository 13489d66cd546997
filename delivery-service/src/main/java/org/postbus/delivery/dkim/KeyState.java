package org.postbus.delivery.dkim;

import java.util.Locale;

/** What a key is used for. */
enum KeyState {

    /** Made, so that its record can be published. */
    PENDING,

    /** Signs; one of each algorithm in a domain. */
    ACTIVE,

    /** Signed once. Mail on its way still needs its record. */
    RETIRED;

    /** As the table and the API have it. */
    String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    static KeyState of(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT));
    }
}
