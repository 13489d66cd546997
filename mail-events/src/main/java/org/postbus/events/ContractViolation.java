package org.postbus.events;

/** A record that cannot be decoded or breaks the event contract. Goes to the dead letters, never retried. */
public class ContractViolation extends Exception {

    private static final long serialVersionUID = 1L;

    public ContractViolation(String reason) {
        super(reason);
    }

    public ContractViolation(String reason, Throwable cause) {
        super(reason, cause);
    }
}
