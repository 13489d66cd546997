package org.postbus.benchmarks;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.postbus.benchmarks.load.Catalogue;
import org.postbus.benchmarks.load.Effort;
import org.postbus.benchmarks.load.Load;

/**
 * What to measure, how often, and where to put it.
 *
 * @param launcher the {@code postbus} command
 * @param rounds in which each server has its turn
 * @param peers whether Postfix with Dovecot is measured too
 * @param out folder for the results
 * @param work folder on a disk, for the data of all servers
 * @param added whether measurements that are already in {@code out} count too
 */
record Options(Path launcher, int rounds, Effort effort, List<Load> loads, boolean peers, boolean postbus, Path out,
        Path work, boolean added) {

    /** A mistake of the caller, told in one line. */
    static final class Mistake extends RuntimeException {
        private Mistake(String message) {
            super(message);
        }
    }

    /** What is collected while words are read. */
    private static final class Reader {
        private final Deque<String> words;
        private Path launcher = Path.of("postbus");
        private boolean quick;
        private int rounds;
        private double seconds;
        private double rate;
        private List<Load> loads = List.of();
        private boolean peers = true;
        private boolean postbus = true;
        private boolean added;
        private Path out = Path.of("benchmarks", "results");
        private Path work = Path.of("/var/tmp");

        private Reader(List<String> words) {
            this.words = new ArrayDeque<>(words);
        }

        private Options read() {
            while (!words.isEmpty()) {
                option(words.pop());
            }
            return new Options(launcher, rounds > 0 ? rounds : quick ? 1 : 3, effort(), chosen(), peers, postbus, out, work, added);
        }

        private Effort effort() {
            Effort effort = quick ? Effort.QUICK : Effort.FULL;
            if (seconds > 0) {
                effort = effort.withSeconds(seconds);
            }
            return rate > 0 ? effort.withRate(rate) : effort;
        }

        private List<Load> chosen() {
            if (loads.isEmpty()) {
                return quick ? Catalogue.named(List.of("core")) : Catalogue.all();
            }
            return loads;
        }

        private void option(String option) {
            switch (option) {
                case "--quick" -> quick = true;
                case "--launcher" -> launcher = Path.of(value(option));
                case "--rounds" -> rounds = (int) positive(option);
                case "--seconds" -> seconds = positive(option);
                case "--rate" -> rate = positive(option);
                case "--only" -> loads = named(value(option));
                case "--without-peers" -> peers = false;
                case "--only-peers" -> postbus = false;
                case "--out" -> out = Path.of(value(option));
                case "--work" -> work = Path.of(value(option));
                case "--add" -> added = true;
                default -> throw new Mistake("unknown option " + option);
            }
        }

        private String value(String option) {
            if (words.isEmpty()) {
                throw new Mistake(option + " needs a value");
            }
            return words.pop();
        }

        private double positive(String option) {
            String value = value(option);
            try {
                double number = Double.parseDouble(value);
                if (number >= 1) {
                    return number;
                }
            } catch (NumberFormatException e) {
                // falls through to the same message
            }
            throw new Mistake(option + " needs a number of 1 or more, not " + value);
        }

        private static List<Load> named(String value) {
            try {
                return Catalogue.named(List.of(value.split(",")));
            } catch (IllegalArgumentException e) {
                throw new Mistake(e.getMessage());
            }
        }
    }

    /** @throws Mistake where the words make no sense */
    static Options parse(List<String> words) {
        return new Reader(words).read();
    }
}
