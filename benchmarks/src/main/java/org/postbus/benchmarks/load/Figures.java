package org.postbus.benchmarks.load;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.postbus.benchmarks.machine.Cpu;

/** The figures of one load on one server, as they come together. */
final class Figures {

    private final Map<Figure, Double> values = new EnumMap<>(Figure.class);

    Figures with(Figure figure, double value) {
        values.put(figure, value);
        return this;
    }

    Figures withLatency(Histogram micros) {
        return with(Figure.P50_MS, micros.getValueAtPercentile(50) / 1e3)
                .with(Figure.P90_MS, micros.getValueAtPercentile(90) / 1e3)
                .with(Figure.P99_MS, micros.getValueAtPercentile(99) / 1e3)
                .with(Figure.P999_MS, micros.getValueAtPercentile(99.9) / 1e3)
                .with(Figure.MAX_MS, micros.getMaxValue() / 1e3);
    }

    /** @param pieces of work that the processor time went into */
    Figures withCpu(Cpu start, Cpu end, long pieces) {
        return with(Figure.CPU_MS, end.serverSince(start) * 1e3 / pieces)
                .with(Figure.GENERATOR_SHARE, 100 * end.generatorShareSince(start));
    }

    Map<Figure, Double> values() {
        return Collections.unmodifiableMap(values);
    }
}
