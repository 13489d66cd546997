package org.postbus.delivery.relay;

/**
 * How much this process has in hand: what it has claimed is in memory until its outcome is recorded, so it claims no more than
 * fits. What a session is sending just now fills no room here: it is bounded by the sessions that there are, and a remote that takes
 * hours for it must not keep the mail for others out. Safe for all threads.
 */
final class Hand {

    private final int maxRecipients;
    private final long maxOctets;
    private int recipients;
    private int lent;
    private int ofSuspects;
    private long octets;

    /**
     * @param maxRecipients at a time, but for those that are being sent
     * @param maxOctets     of mails that came straight from the event log and are relayed from memory
     */
    Hand(int maxRecipients, long maxOctets) {
        this.maxRecipients = maxRecipients;
        this.maxOctets = maxOctets;
    }

    /** Whether there is room, which is then taken. */
    synchronized boolean take(int moreRecipients, long moreOctets) {
        if (recipients + moreRecipients > maxRecipients || octets + moreOctets > maxOctets) {
            return false;
        }
        recipients += moreRecipients;
        octets += moreOctets;
        return true;
    }

    /** How many recipients may be claimed; they count from now on. Half of all room is for new mail: what is due for long waits for it. */
    synchronized int takeUpTo(int wanted) {
        int taken = Math.clamp((maxRecipients + 1) / 2 - recipients, 0, wanted);
        recipients += taken;
        return taken;
    }

    synchronized void giveBack(int fewerRecipients, long fewerOctets) {
        recipients -= fewerRecipients;
        octets -= fewerOctets;
    }

    void giveBack(Transmission done) {
        giveBack(done.size(), done.octetsInMemory());
    }

    /** A session sends them from now on. */
    synchronized void lend(int sent) {
        recipients -= sent;
        lent += sent;
    }

    /** A session has sent them, or has given up: what came of it is to be recorded still. */
    synchronized void takeBack(int sent) {
        recipients += sent;
        lent -= sent;
    }

    /** A part of all room, but room for one transmission at least: {@code part(20)} is a twentieth. */
    int part(int nth) {
        return Math.max(Transmission.MAX_RECIPIENTS, maxRecipients / nth);
    }

    /** Whether so many more may wait for suspect destinations, which have a quarter of all room together: they do not fill it. */
    synchronized boolean hasRoomForSuspects(int more) {
        return ofSuspects + more <= part(4);
    }

    /** So many more, or fewer, wait for suspect destinations. */
    synchronized void suspects(int more) {
        ofSuspects += more;
    }

    /** All that are claimed. */
    synchronized int recipients() {
        return recipients + lent;
    }
}
