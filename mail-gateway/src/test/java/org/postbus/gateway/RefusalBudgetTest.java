package org.postbus.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;

class RefusalBudgetTest {

    private final RefusalBudget budget = new RefusalBudget(2);

    @Test
    void tellsAFewOfEachSourceAndCountsTheRest() {
        assertTrue(budget.tell("a"));
        assertTrue(budget.tell("a"));
        assertFalse(budget.tell("a"));
        assertFalse(budget.tell("a"));
        assertTrue(budget.tell("b"));
        assertEquals(Map.of("a", 2), budget.nextMinute());
        assertTrue(budget.tell("a"));
        assertEquals(Map.of(), budget.nextMinute());
    }

    @Test
    void aFloodFromManySourcesSharesOneCount() {
        for (int i = 0; i < 20_000; i++) {
            budget.tell("source " + i);
        }
        assertEquals(Map.of(RefusalBudget.OTHERS, 10_000 - 2), budget.nextMinute());
    }
}
