package org.postbus.events;

/** What can happen to a mail; where RFC 3464 section 2.3.3 has a word for it, it is that word. */
public enum TrailStep {
    ACCEPTED, REFUSED, EXPANDED, ROUTED, DELIVERED, FAILED, RELAYED, DELAYED, RETRIEVED, DELETED
}
