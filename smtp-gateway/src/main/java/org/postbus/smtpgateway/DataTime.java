package org.postbus.smtpgateway;

import java.time.Duration;
import org.postbus.protocol.smtp.SmtpServerEngine;

/** The time that mail data takes: all of a mail's, in however many chunks it comes, or that of a chunk that nobody wants. */
final class DataTime {

    /** So much mail data buys a new data time-out: a trickle does not. */
    private static final int PROGRESS_OCTETS = 1024;

    private final Duration atMost;
    private boolean begun;
    private long since;
    private int progress;

    DataTime(Duration atMost) {
        this.atMost = atMost;
    }

    void begin() {
        begun = true;
        since = System.nanoTime();
        progress = 0;
    }

    /** Whether, with these octets, enough came to wait for more. */
    boolean goesOn(int octets) {
        progress += octets;
        boolean enough = progress >= PROGRESS_OCTETS;
        progress = enough ? 0 : progress;
        return enough;
    }

    /** Whether it took too long by now. */
    boolean isOver(SmtpServerEngine engine) {
        if (!engine.inData() && !engine.inTransaction()) {
            begun = false;
        } else if (engine.inData() && !begun) {
            begin();
        }
        return begun && System.nanoTime() - since > atMost.toNanos();
    }
}
