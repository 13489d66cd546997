package org.postbus.consumer;

/** Something that no record is to blame for: Kafka, PostgreSQL or the directory view is not there in time. Retried for ever. */
public class InfrastructureFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public InfrastructureFailure(String reason) {
        super(reason);
    }

    public InfrastructureFailure(String reason, Throwable cause) {
        super(reason, cause);
    }
}
