package org.postbus.delivery.dsn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdviceTest {

    @ParameterizedTest
    @CsvSource({"5.1.1, spelling", "5.1.2, behind the @", "5.1.10, behind the @", "5.2.2, mailbox is full", "5.3.4, smaller", "5.2.3, smaller",
            "5.7.1, recipient's postmaster", "5.7.999, recipient's postmaster", "5.7.26, your domain", "4.4.1, try again later",
            "5.4.4, try again later", "5.4.7, time was up", "4.4.7, time was up", "5.4.6, circle", "5.6.7, ASCII", "5.6.1, another form",
            "5.0.0, your postmaster", "5.11.1, your postmaster", "5.5.2, your postmaster"})
    void tellsWhatToDo(String status, String words) {
        assertTrue(Advice.on(status).contains(words), Advice.on(status));
    }

    @Test
    void theClassDoesNotMatterAndTheDetailDoes() {
        assertEquals(Advice.on("4.2.2"), Advice.on("5.2.2"));
        assertNotEquals(Advice.on("5.1.1"), Advice.on("5.1.10"));
    }
}
