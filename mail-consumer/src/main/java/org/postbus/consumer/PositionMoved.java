package org.postbus.consumer;

/** The stored position is not where this instance left it: another one took over, or the database was restored. */
final class PositionMoved extends Exception {

    private static final long serialVersionUID = 1L;

    PositionMoved(String topic, int partition, long expected) {
        super("the stored position of " + topic + "-" + partition + " is no longer " + expected);
    }
}
