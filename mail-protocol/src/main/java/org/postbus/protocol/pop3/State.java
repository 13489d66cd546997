package org.postbus.protocol.pop3;

/** The states of a session (RFC 1939 section 3), each with the data that only it has and with what its commands do. */
sealed interface State permits Authorization, Transaction, Update {

    /** Does what a command says that is {@linkplain Verb#allowedIn allowed} here, and whose argument fits. */
    void execute(Verb verb, String argument);
}
