package org.postbus.consumer;

import java.sql.SQLException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SerializationException;
import org.postbus.events.ContractViolation;

/** Who is to blame for a failed batch. */
public enum FailureKind {

    /** A record: it will fail again, however often it is tried. */
    DATA,

    /** Anything else: to wait and try again is right, and to drop the record would lose mail. */
    INFRASTRUCTURE;

    public static FailureKind of(Exception failure) {
        return switch (failure) {
            case ContractViolation violation -> DATA;
            case SQLException sql -> ofSqlState(sql);
            case InfrastructureFailure infrastructure -> INFRASTRUCTURE;
            case RecordTooLargeException tooLarge -> DATA;
            case SerializationException unreadable -> DATA;
            case InvalidTopicException topic -> DATA;
            case KafkaException kafka -> INFRASTRUCTURE;
            case RuntimeException bug when bug.getCause() instanceof SQLException sql -> ofSqlState(sql);
            default -> DATA;
        };
    }

    /**
     * Only class 22 (data exception) and class 23 (integrity constraint violation) speak of the data. All else,
     * known or not, must not cost mail: a standby that answers 25006, a missing table, a full disk, a lost connection.
     */
    private static FailureKind ofSqlState(SQLException failure) {
        String state = failure.getSQLState();
        return state != null && (state.startsWith("22") || state.startsWith("23")) ? DATA : INFRASTRUCTURE;
    }
}
