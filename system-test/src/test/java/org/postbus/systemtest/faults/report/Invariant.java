package org.postbus.systemtest.faults.report;

/** What must hold whatever breaks. */
public enum Invariant {
    I1("every recipient of a mail answered 250 has exactly one copy, or its reverse-path exactly one DSN"),
    I2("a mail whose outcome its client does not know: at most one copy"),
    I3("a mail refused or never ended: no copy"),
    I4("what is listed can be fetched, with the octets that LIST says and the hash that was sent"),
    I5("what QUIT's +OK deleted never comes back"),
    I6("without QUIT nothing is deleted"),
    I7("QUIT without a reply: all of its deletions or none"),
    I8("unique-ids are stable and never used again"),
    I9("the recipients of one mail fare independently"),
    I10("relay: the remote accepts at least once, and again only what its sender could not know that it had"),
    I11("lag, outbox and parked chunks drain to nothing"),
    I12("sums and STAT equal the messages; no content without an entry"),
    I13("dead letters hold exactly the poison put in"),
    I14("a 250 given during the fault obeys I1"),
    P1("refusals come within seconds, and everything recovers by itself"),
    P2("without syncs a power cut is seen to break a promise"),
    P3("a maildrop has one session: no other while its lease runs, and nothing is promised by one that lost it"),
    P4("instances that end when they are asked to are not noticed: no 5xx, no session cut but between commands, and gone in time");

    private final String text;

    Invariant(String text) {
        this.text = text;
    }

    public String text() {
        return text;
    }
}
