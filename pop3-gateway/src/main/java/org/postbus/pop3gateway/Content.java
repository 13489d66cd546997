package org.postbus.pop3gateway;

/** A message on its way to the engine, no faster than the client takes it. */
sealed interface Content permits MessageStream, HeldMessage {

    /** Gives the engine the next piece, where that is at hand; false where it comes by itself. */
    boolean feed();

    /** Lets the next pieces come, or holds them. */
    void flow(boolean wanted);

    /** Whether all of it has come. */
    boolean isWhole();

    /** The rest is not wanted. */
    void stop();
}
