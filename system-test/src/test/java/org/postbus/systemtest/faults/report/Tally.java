package org.postbus.systemtest.faults.report;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;

/** The counts of one fault: what was done, and trials and violations of each invariant. Safe for all threads. */
public final class Tally {

    private static final int EXAMPLES = 20;

    private final String fault;
    private final Map<Invariant, Count> counts = new EnumMap<>(Invariant.class);
    private final Map<String, AtomicLong> events = new TreeMap<>();
    private final Map<String, AtomicLong> hits = new TreeMap<>();
    private final List<String> notes = new ArrayList<>();

    /** Trials, violations, and the first of them in words. */
    public static final class Count {

        private long trials;
        private long violations;
        private final List<String> examples = new ArrayList<>();

        public long trials() {
            return trials;
        }

        public long violations() {
            return violations;
        }

        public List<String> examples() {
            return examples;
        }
    }

    public Tally(String fault) {
        this.fault = fault;
        for (Invariant invariant : Invariant.values()) {
            counts.put(invariant, new Count());
        }
    }

    public String fault() {
        return fault;
    }

    public synchronized void trials(Invariant invariant, long count) {
        counts.get(invariant).trials += count;
    }

    /** One trial, and its outcome. */
    public synchronized void trial(Invariant invariant, boolean holds, String what) {
        trials(invariant, 1);
        if (!holds) {
            violation(invariant, what);
        }
    }

    public synchronized void violation(Invariant invariant, String what) {
        Count count = counts.get(invariant);
        count.violations++;
        if (count.examples.size() < EXAMPLES) {
            count.examples.add(what);
            System.out.println("VIOLATION " + fault + " " + invariant + ": " + what);
        }
    }

    /** Something that happened: a kill, a mail by its outcome, a cut. */
    public synchronized void event(String what) {
        events.computeIfAbsent(what, ignored -> new AtomicLong()).incrementAndGet();
    }

    /** Something was measured; the largest counts. */
    public synchronized void atMost(String what, long measured) {
        events.computeIfAbsent(what, ignored -> new AtomicLong()).accumulateAndGet(measured, Math::max);
    }

    public synchronized void events(String what, long count) {
        events.computeIfAbsent(what, ignored -> new AtomicLong()).addAndGet(count);
    }

    /** A point that is to be hit: the report shows it also when it never is. */
    public synchronized void willHit(String point) {
        hits.computeIfAbsent(point, ignored -> new AtomicLong());
    }

    /** A process halted at a kill point, proved by its marker. */
    public synchronized void hit(String point) {
        hits.computeIfAbsent(point, ignored -> new AtomicLong()).incrementAndGet();
    }

    public synchronized void note(String text) {
        notes.add(text);
        System.out.println(fault + ": " + text);
    }

    public synchronized long count(String event) {
        AtomicLong count = events.get(event);
        return count == null ? 0 : count.get();
    }

    public synchronized Map<String, Long> events() {
        return copy(events);
    }

    public synchronized Map<String, Long> hits() {
        return copy(hits);
    }

    public synchronized List<String> notes() {
        return List.copyOf(notes);
    }

    public synchronized Count of(Invariant invariant) {
        return counts.get(invariant);
    }

    public synchronized long violations() {
        return counts.values().stream().mapToLong(Count::violations).sum();
    }

    private static Map<String, Long> copy(Map<String, AtomicLong> counters) {
        Map<String, Long> copy = new TreeMap<>();
        counters.forEach((name, count) -> copy.put(name, count.get()));
        return copy;
    }
}
