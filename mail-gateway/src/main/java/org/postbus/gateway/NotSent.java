package org.postbus.gateway;

/** An event that certainly never left this process. Any other failure of a send leaves open whether Kafka has it. */
public final class NotSent extends Exception {

    private static final long serialVersionUID = 1L;

    NotSent(String reason) {
        super(reason, null, false, false);
    }
}
