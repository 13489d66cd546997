package org.postbus.mailbox.maildrop;

/** How an attempt to open a maildrop ended. */
public sealed interface Opening {

    /** The session has the lock, for the length of a lease. */
    record Opened(Snapshot snapshot) implements Opening {
    }

    /** Another session has it. */
    record InUse() implements Opening {
    }

    /** It is not known in time what was promised to the last session. */
    record TryLater() implements Opening {
    }

    /** There is no such account any more, or the session was fenced before. */
    record Refused() implements Opening {
    }
}
