package org.postbus.protocol.pop3;

/** The UPDATE state (RFC 1939 section 6): QUIT was the last command. */
record Update() implements State {

    @Override
    public void execute(Verb verb, String argument) {
        throw new IllegalStateException("no command is allowed in the UPDATE state");
    }
}
