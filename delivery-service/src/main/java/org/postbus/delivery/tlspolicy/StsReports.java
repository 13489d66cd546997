package org.postbus.delivery.tlspolicy;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import org.jboss.logging.Logger;

/** Tells the operator what a policy that is being tested would have stopped (RFC 8461, section 5). */
public final class StsReports {

    private static final Logger LOG = Logger.getLogger(StsReports.class);

    private final Counter failures;

    public StsReports(MeterRegistry registry) {
        failures = Counter.builder("postbus.delivery.mta.sts.testing.failures")
                .description("Hosts that a tested policy would not have let mail go to").register(registry);
    }

    /** @param why printable, for a log line */
    public void wouldFail(String domain, String host, String why) {
        failures.increment();
        LOG.infof("the MTA-STS policy of %s, which is being tested, would stop mail to %s: %s", domain, host, why);
    }
}
