package org.postbus.delivery.relay;

/**
 * How much this process has in hand: what it has claimed is in memory until its outcome is recorded, so it claims no more than
 * fits. Safe for all threads.
 */
final class Hand {

    private final int maxRecipients;
    private final long maxOctets;
    private int recipients;
    private long octets;

    /**
     * @param maxRecipients claimed at a time
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
        giveBack(done.recipients().size(), done.octetsInMemory());
    }

    synchronized int recipients() {
        return recipients;
    }
}
