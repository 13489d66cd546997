package org.postbus.delivery.dsn;

/** What became of a mail at a recipient: the action-value of RFC 3464, section 2.3.3. */
public enum Action {
    /** It will not get there: no further attempt is made. */
    FAILED("failed"),
    /** It has not got there yet, and is tried again. */
    DELAYED("delayed"),
    /** It lies in the mailbox. */
    DELIVERED("delivered"),
    /** It was handed to a server that does not announce DSN and will never tell (RFC 3461, section 5.2.2). */
    RELAYED("relayed");

    private final String word;

    Action(String word) {
        this.word = word;
    }

    /** As it stands in the field. */
    String word() {
        return word;
    }
}
