package org.postbus.consumer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.sql.SQLException;
import java.util.List;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;
import org.postbus.events.ContractViolation;

class FailureKindTest {

    @Test
    void whatSpeaksOfTheDataIsAboutTheData() {
        for (Exception failure : List.of(new ContractViolation("no"), new SQLException("too long", "22001"),
                new SQLException("taken", "23505"), new IllegalStateException(new SQLException("NUL", "22021")),
                new NullPointerException(), new RecordTooLargeException())) {
            assertEquals(FailureKind.DATA, FailureKind.of(failure), failure.toString());
        }
    }

    @Test
    void nothingElseMayCostMail() {
        for (String state : List.of("08006", "25006", "40001", "40P01", "42P01", "42501", "53100", "53300", "55P03", "57P01", "58030", "XX001")) {
            assertEquals(FailureKind.INFRASTRUCTURE, FailureKind.of(new SQLException("no", state)), state);
        }
        for (Exception failure : List.of(new SQLException("no connection in the pool"), new InfrastructureFailure("no"),
                new TimeoutException(), new IllegalStateException(new SQLException("cut", "08006")))) {
            assertEquals(FailureKind.INFRASTRUCTURE, FailureKind.of(failure), failure.toString());
        }
    }
}
