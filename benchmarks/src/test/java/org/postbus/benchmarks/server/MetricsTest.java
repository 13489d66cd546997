package org.postbus.benchmarks.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class MetricsTest {

    private static Stream<String> lines() {
        return """
                # HELP mails_filed_total Mails filed
                # TYPE mails_filed_total counter
                mails_filed_total{partition="0"} 1200.0
                mails_filed_total{partition="1"} 1.5E3
                mails_filed_total_other 9.0
                sessions 7
                """.lines();
    }

    @Test
    void addsUpAllLabelSets() {
        assertEquals(2700, Metrics.sum(lines(), "mails_filed_total"));
    }

    @Test
    void addsUpTheLabelSetsThatAreAskedFor() {
        assertEquals(1500, Metrics.sum(lines(), "mails_filed_total", "partition=\"1\""));
    }

    @Test
    void readsAMetricWithoutLabels() {
        assertEquals(7, Metrics.sum(lines(), "sessions"));
    }

    @Test
    void aMetricThatIsNotThereIsZero() {
        assertEquals(0, Metrics.sum(lines(), "mails"));
    }
}
