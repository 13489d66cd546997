package org.postbus.benchmarks.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postbus.benchmarks.load.Catalogue;
import org.postbus.benchmarks.load.Figure;

class ResultsTest {

    static final String PEER = "peer";

    static Results of(Measurement... measurements) {
        Results results = new Results();
        List.of(measurements).forEach(results::add);
        return results;
    }

    static Measurement measured(String load, String server, int round, Figure figure, double value) {
        return new Measurement(load, server, round, Map.of(figure, value));
    }

    @Test
    void theMedianOfAnEvenNumberLiesBetweenTheMiddleTwo() {
        Results results = of(
                measured("l", PEER, 1, Figure.FILED, 40), measured("l", PEER, 2, Figure.FILED, 10),
                measured("l", PEER, 3, Figure.FILED, 20), measured("l", PEER, 4, Figure.FILED, 90));
        assertEquals(30, results.median("l", PEER, Figure.FILED).getAsDouble());
    }

    @Test
    void theMedianOfAnOddNumberIsTheMiddleOne() {
        Results results = of(measured("l", PEER, 1, Figure.FILED, 40), measured("l", PEER, 2, Figure.FILED, 10),
                measured("l", PEER, 3, Figure.FILED, 20));
        assertEquals(20, results.median("l", PEER, Figure.FILED).getAsDouble());
    }

    @Test
    void aRatioNeedsBoth() {
        Results results = of(measured("l", PEER, 1, Figure.FILED, 40), measured("m", Results.OURS, 1, Figure.FILED, 10));
        assertTrue(results.ratio("l", PEER, Figure.FILED).isEmpty());
        results.add(measured("l", Results.OURS, 1, Figure.FILED, 120));
        assertEquals(3, results.ratio("l", PEER, Figure.FILED).getAsDouble());
    }

    @Test
    void whatIsWrittenIsReadAgain(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("measurements.tsv");
        Measurement first = new Measurement("l", PEER, 2, Map.of(Figure.FILED, 1.25, Figure.P99_MS, 1e-7));
        Measurement second = measured("m", Results.OURS, 3, Figure.POLLS, 7);
        new Results().append(first, file);
        new Results().append(second, file);
        assertEquals(List.of(first, second), Results.read(file).measurements());
    }

    @Test
    void oursStandsFirstWhoeverBegan() {
        Results results = of(measured("l", PEER, 1, Figure.FILED, 1), measured("l", Results.OURS, 1, Figure.FILED, 1));
        assertEquals(List.of(Results.OURS, PEER), results.servers());
    }

    @Test
    void aGoalForMoreIsMetFromItsRatioOn() {
        Goal goal = Goal.ALL.getFirst();
        assertEquals(Goal.Verdict.NOT_MEASURED, goal.verdict(of(), PEER));
        assertEquals(Goal.Verdict.MET, goal.verdict(both(goal, 300, 100), PEER));
        assertEquals(Goal.Verdict.NOT_MET, goal.verdict(both(goal, 299, 100), PEER));
    }

    @Test
    void aGoalForLessIsMetDownFromItsRatio() {
        Goal goal = Goal.ALL.getLast();
        assertEquals("<= 1/5", goal.target());
        assertEquals(Goal.Verdict.MET, goal.verdict(both(goal, 20, 100), PEER));
        assertEquals(Goal.Verdict.NOT_MET, goal.verdict(both(goal, 21, 100), PEER));
    }

    @Test
    void aRateOfFilingDoesNotCountWhereTheBacklogGrows() {
        Goal goal = Goal.ALL.stream().filter(Goal::withoutBacklog).findFirst().orElseThrow();
        Results results = both(goal, 600, 100);
        results.add(measured(goal.load(), Results.OURS, 1, Figure.ACCEPTED, 650));
        assertEquals(Goal.Verdict.MET, goal.verdict(results, PEER));
        Results behind = both(goal, 600, 100);
        behind.add(measured(goal.load(), Results.OURS, 1, Figure.ACCEPTED, 700));
        assertEquals(Goal.Verdict.NOT_MET, goal.verdict(behind, PEER));
    }

    @Test
    void aGoalForARatioOfOurOwnNeedsNoPeer() {
        Goal goal = Goal.ALL.stream().filter(one -> one.figure() == Figure.KEPT).findFirst().orElseThrow();
        assertEquals(">= 0.9", goal.target());
        assertEquals(Goal.Verdict.MET, goal.verdict(of(measured(goal.load(), Results.OURS, 1, Figure.KEPT, 0.9)), PEER));
        assertEquals(Goal.Verdict.NOT_MET, goal.verdict(both(goal, 0.89, 0.1), PEER));
        assertEquals(Goal.Verdict.NOT_MEASURED, goal.verdict(of(measured(goal.load(), PEER, 1, Figure.KEPT, 0.9)), PEER));
    }

    @Test
    void everyGoalIsOfALoadThatThereIs() {
        Goal.ALL.forEach(goal -> assertEquals(1, Catalogue.named(List.of(goal.load())).size()));
    }

    private static Results both(Goal goal, double ours, double theirs) {
        return of(measured(goal.load(), Results.OURS, 1, goal.figure(), ours),
                measured(goal.load(), PEER, 1, goal.figure(), theirs));
    }
}
