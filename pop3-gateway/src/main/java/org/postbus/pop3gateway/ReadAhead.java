package org.postbus.pop3gateway;

import io.vertx.core.buffer.Buffer;
import java.util.Optional;
import org.postbus.gateway.ByteBudget;
import org.postbus.protocol.pop3.Snapshot;

/**
 * The messages that a client is about to ask for. A client that reads in order is given them from runs, which grow
 * fourfold from one message; one that picks messages here and there costs no octet more than it asks for.
 */
final class ReadAhead implements AutoCloseable {

    /** Octets of messages in a run, as mailbox-service has it; a message over it is in none. */
    static final int MAX_OCTETS = 256 * 1024;
    /** Messages in a run, as mailbox-service has it. */
    private static final int MAX_MESSAGES = 1024;
    private static final int GROWTH = 4;

    private final Snapshot snapshot;
    private final ByteBudget budget;
    private Optional<Run> held = Optional.empty();
    private int following;
    private int width = 1;

    /** @param budget of what all sessions hold ahead */
    ReadAhead(Snapshot snapshot, ByteBudget budget) {
        this.snapshot = snapshot;
        this.budget = budget;
    }

    /** A message that is at hand. */
    Optional<Buffer> message(int number) {
        return held.flatMap(run -> run.message(number));
    }

    /** The run to ask for where a message is not at hand; empty where it is to be fetched by itself. */
    Optional<Run> plan(int number) {
        close();
        width = number == following ? Math.min(width * GROWTH, MAX_MESSAGES) : 1;
        long octets = 0;
        int end = number;
        while (end <= snapshot.count() && end - number < width && octets + snapshot.octets(end) <= MAX_OCTETS) {
            octets += snapshot.octets(end);
            end++;
        }
        following = Math.max(end, number + 1);
        int count = end - number;
        return count == 0 ? Optional.empty() : budget.reserve(octets + (long) count * Snapshot.ENTRY_OCTETS)
                .map(memory -> new Run(snapshot, number, count, memory));
    }

    /** The client had this message, which was neither held nor is to be asked for. */
    void pass(int number) {
        if (number == following) {
            following++;
        }
    }

    /** The answer to what was planned. */
    void hold(Run run) {
        close();
        held = Optional.of(run);
    }

    /** A message was sent; a run is kept no longer than to its last one. */
    void sent(int number) {
        if (held.filter(run -> run.endsWith(number)).isPresent()) {
            close();
        }
    }

    /** Returns the memory of what is held. */
    @Override
    public void close() {
        held.ifPresent(Run::close);
        held = Optional.empty();
    }
}
