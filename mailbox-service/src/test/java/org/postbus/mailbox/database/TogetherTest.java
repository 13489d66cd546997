package org.postbus.mailbox.database;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TogetherTest {

    @Test
    void whoAsksAloneIsAnsweredAtOnce() {
        assertEquals(8, new Together<Integer, Integer>(TogetherTest::doubled).ask(4));
    }

    @Test
    void manyAreAnsweredInRoundsAndEachItsOwnQuestion() throws Exception {
        List<Integer> rounds = new CopyOnWriteArrayList<>();
        Together<Integer, Integer> together = new Together<>(questions -> {
            rounds.add(questions.size());
            return doubled(questions);
        });
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Integer>> asking = IntStream.range(0, 10_000).<Callable<Integer>>mapToObj(n -> () -> together.ask(n)).toList();
            List<Future<Integer>> answers = threads.invokeAll(asking);
            for (int n = 0; n < answers.size(); n++) {
                assertEquals(2 * n, answers.get(n).get());
            }
        }
        assertEquals(10_000, rounds.stream().mapToInt(Integer::intValue).sum());
        assertTrue(rounds.stream().allMatch(size -> size >= 1 && size <= Together.AT_MOST), rounds::toString);
    }

    @Test
    void whoComesWhileOthersAreAnsweredIsAnsweredInOneRound() throws Exception {
        CountDownLatch firstBegun = new CountDownLatch(1);
        CountDownLatch begun = new CountDownLatch(2);
        CountDownLatch mayGoOn = new CountDownLatch(1);
        List<List<Integer>> rounds = new CopyOnWriteArrayList<>();
        Together<Integer, Integer> together = new Together<>(questions -> {
            rounds.add(questions);
            firstBegun.countDown();
            begun.countDown();
            await(mayGoOn);
            return doubled(questions);
        });
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> answers = new ArrayList<>();
            answers.add(threads.submit(() -> together.ask(1)));
            firstBegun.await();
            answers.add(threads.submit(() -> together.ask(2)));
            begun.await();
            CountDownLatch asked = new CountDownLatch(10);
            for (int n = 3; n <= 12; n++) {
                int question = n;
                answers.add(threads.submit(() -> {
                    asked.countDown();
                    return together.ask(question);
                }));
            }
            asked.await();
            mayGoOn.countDown();
            for (int n = 0; n < answers.size(); n++) {
                assertEquals(2 * (n + 1), answers.get(n).get());
            }
        }
        assertTrue(rounds.size() < 12, rounds::toString);
    }

    @Test
    void aFailureIsEverybodysAndTheNextRoundGoesOn() {
        IllegalStateException failure = new IllegalStateException("no");
        Together<Integer, Integer> together = new Together<>(questions -> {
            if (questions.contains(0)) {
                throw failure;
            }
            return doubled(questions);
        });
        assertEquals(failure, assertThrows(IllegalStateException.class, () -> together.ask(0)));
        assertEquals(2, together.ask(1));
    }

    private static List<Integer> doubled(List<Integer> questions) {
        return questions.stream().map(question -> 2 * question).toList();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
