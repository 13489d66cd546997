package org.postbus.systemtest.threats;

import static org.junit.jupiter.api.Assertions.fail;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** One row of attacks: how many were sent in this run, and which of them got a wrong answer. For several threads. */
final class Row {

    private static final int TOLD = 5;

    private final String name;
    private final int count;
    private final Random random;
    private final List<String> wrong = new ArrayList<>();
    private int sent;

    /** @param longForm how many attacks the long form sends */
    Row(String name, int longForm) {
        this.name = name;
        this.count = Extent.of(longForm);
        this.random = Extent.random(name);
    }

    /** How many attacks this run is to send. */
    int count() {
        return count;
    }

    Random random() {
        return random;
    }

    <T> T oneOf(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    /** An attack was sent, and this is the answer, which must begin with one of these. */
    synchronized void answered(String attack, String answer, String... right) {
        judged(Arrays.stream(right).anyMatch(answer::startsWith), attack + " was answered " + answer);
    }

    /** An attack was sent; {@code told} tells of it where what came of it is wrong. */
    synchronized void judged(boolean right, String told) {
        sent++;
        holds(right, told);
    }

    /** Something that has to hold beside the single answers. */
    synchronized void holds(boolean right, String told) {
        if (!right) {
            wrong.add(told);
        }
    }

    /** All attacks are sent: tells the count, and fails where an answer was wrong. */
    void end() {
        ThreatReport.add(new ThreatReport.Line(name, sent, wrong.size()));
        if (!wrong.isEmpty()) {
            fail(name + ", seed " + Extent.SEED + ": " + wrong.size() + " wrong answers to " + sent + " attacks:\n"
                    + String.join("\n", wrong.subList(0, Math.min(TOLD, wrong.size()))));
        }
    }
}
