package org.postbus.benchmarks.report;

import java.util.Locale;
import java.util.OptionalDouble;

/** Figures as people read them: three digits that count, no exponent. */
final class Numbers {

    private Numbers() {}

    static String text(OptionalDouble value) {
        return value.isPresent() ? text(value.getAsDouble()) : "-";
    }

    static String text(double value) {
        double size = Math.abs(value);
        if (size >= 100) {
            return String.format(Locale.ROOT, "%.0f", value);
        }
        if (size >= 10) {
            return trimmed(String.format(Locale.ROOT, "%.1f", value));
        }
        return trimmed(String.format(Locale.ROOT, size >= 1 || size == 0 ? "%.2f" : "%.3f", value));
    }

    private static String trimmed(String digits) {
        return digits.replaceFirst("\\.?0+$", "");
    }
}
