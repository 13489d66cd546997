package org.postbus.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ByteBudgetTest {

    private static final Duration LONG = Duration.ofSeconds(20);

    private final Vertx vertx = Vertx.vertx();
    private final ByteBudget budget = new ByteBudget(100);

    @AfterEach
    void close() throws Exception {
        await(vertx.close());
    }

    @Test
    void reservesAtOnceUpToItsCapacity() {
        ByteBudget.Reservation first = budget.reserve(60).orElseThrow();
        assertTrue(budget.reserve(41).isEmpty());
        assertTrue(budget.reserve(40).isPresent());
        first.close();
        first.close();
        assertEquals(40, budget.used());
    }

    @Test
    void growsAtOnceOrNotAtAll() {
        ByteBudget.Reservation first = budget.reserve(60).orElseThrow();
        assertTrue(first.tryGrow(40));
        assertFalse(first.tryGrow(1));
        Future<Boolean> waiting = budgetOfAnother(first).grow(50, LONG, vertx);
        first.shrinkTo(60);
        assertFalse(first.tryGrow(1), "nobody overtakes those who wait");
        assertFalse(waiting.isComplete());
    }

    /** A reservation beside one that gives ten octets back for it. */
    private ByteBudget.Reservation budgetOfAnother(ByteBudget.Reservation first) {
        first.shrinkTo(90);
        return budget.reserve(10).orElseThrow();
    }

    @Test
    void servesWaitersInTheOrderTheyCame() throws Exception {
        ByteBudget.Reservation holder = budget.reserve(80).orElseThrow();
        ByteBudget.Reservation large = budget.reserve(10).orElseThrow();
        ByteBudget.Reservation small = budget.reserve(10).orElseThrow();
        Future<Boolean> largeGrows = large.grow(50, LONG, vertx);
        Future<Boolean> smallGrows = small.grow(1, LONG, vertx);
        holder.shrinkTo(70);
        assertFalse(smallGrows.isComplete());
        assertTrue(budget.reserve(1).isEmpty(), "nobody overtakes those who wait");
        holder.close();
        assertTrue(await(largeGrows));
        assertTrue(await(smallGrows));
        assertEquals(71, budget.used());
    }

    @Test
    void refusesAGrowthThatTheDeadlineEnds() throws Exception {
        ByteBudget.Reservation holder = budget.reserve(100).orElseThrow();
        assertFalse(await(holder.grow(1, Duration.ofMillis(5), vertx)));
        assertFalse(await(holder.grow(101, LONG, vertx)), "more than there is at all");
        holder.close();
        assertEquals(0, budget.used());
    }

    @Test
    void aClosedReservationWaitsNoMoreAndLetsOthersPass() throws Exception {
        ByteBudget.Reservation holder = budget.reserve(90).orElseThrow();
        ByteBudget.Reservation leaver = budget.reserve(5).orElseThrow();
        ByteBudget.Reservation stayer = budget.reserve(5).orElseThrow();
        Future<Boolean> leaverGrows = leaver.grow(50, LONG, vertx);
        Future<Boolean> stayerGrows = stayer.grow(5, LONG, vertx);
        leaver.close();
        assertFalse(await(leaverGrows));
        assertTrue(await(stayerGrows));
        holder.close();
        stayer.close();
        assertEquals(0, budget.used());
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }
}
