package org.postbus.mailbox.database;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.function.Function;

/**
 * Answers questions together that are asked at the same time, so that they share the cost of a statement. Nobody waits for
 * company: it comes while others are being answered. Safe for all threads; blocks, for virtual threads.
 *
 * @param <Q> question
 * @param <A> answer
 */
public final class Together<Q, A> {

    /** Questions that are answered together. */
    static final int AT_MOST = 64;
    /** Rounds at a time: should one have to wait for somebody's lock, the other goes on. */
    private static final int ROUNDS = 2;

    private final Function<List<Q>, List<A>> answering;
    private final Queue<Asked<Q, A>> waiting = new ConcurrentLinkedQueue<>();
    private final Semaphore rounds = new Semaphore(ROUNDS);

    private record Asked<Q, A>(Q question, CompletableFuture<A> answer) {
    }

    /** @param answering gives one answer to each question, in their order; what it throws is thrown at all who asked */
    public Together(Function<List<Q>, List<A>> answering) {
        this.answering = answering;
    }

    /** The answer. */
    public A ask(Q question) {
        Asked<Q, A> asked = new Asked<>(question, new CompletableFuture<>());
        waiting.add(asked);
        if (rounds.tryAcquire()) {
            Thread.startVirtualThread(this::answerAll);
        }
        try {
            return asked.answer.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    private void answerAll() {
        do {
            try {
                for (List<Asked<Q, A>> round = next(); !round.isEmpty(); round = next()) {
                    answer(round);
                }
            } finally {
                rounds.release();
            }
            // Who asked between the last look and the release found no round free.
        } while (!waiting.isEmpty() && rounds.tryAcquire());
    }

    private List<Asked<Q, A>> next() {
        List<Asked<Q, A>> round = new ArrayList<>();
        for (Asked<Q, A> asked = waiting.poll(); asked != null; asked = round.size() < AT_MOST ? waiting.poll() : null) {
            round.add(asked);
        }
        return round;
    }

    private void answer(List<Asked<Q, A>> round) {
        try {
            List<A> answers = answering.apply(round.stream().map(Asked::question).toList());
            for (int n = 0; n < round.size(); n++) {
                round.get(n).answer.complete(answers.get(n));
            }
        } catch (RuntimeException | Error e) {
            round.forEach(asked -> asked.answer.completeExceptionally(e));
        }
    }
}
