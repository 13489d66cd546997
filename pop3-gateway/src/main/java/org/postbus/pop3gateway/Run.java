package org.postbus.pop3gateway;

import io.vertx.core.buffer.Buffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiConsumer;
import org.postbus.gateway.ByteBudget;
import org.postbus.protocol.pop3.Snapshot;

/** A run of messages: asked for as the snapshot lists them, answered with those of them that are there and whole. */
final class Run implements AutoCloseable {

    private static final int NOT_THERE = -1;

    private final Snapshot snapshot;
    private final int first;
    private final int[] starts;
    private final ByteBudget.Reservation memory;
    private Buffer answer = Buffer.buffer();

    /** @param memory for all of it; returned with the run */
    Run(Snapshot snapshot, int first, int count, ByteBudget.Reservation memory) {
        this.snapshot = snapshot;
        this.first = first;
        this.starts = new int[count];
        this.memory = memory;
        Arrays.fill(starts, NOT_THERE);
    }

    int count() {
        return starts.length;
    }

    boolean endsWith(int number) {
        return number == first + starts.length - 1;
    }

    /**
     * Takes the answer: for each message its head, as in the snapshot, and its octets. What does not fit the snapshot
     * counts as not there.
     */
    void take(Buffer messages) {
        answer = messages;
        int at = 0;
        for (int n = 0; n < starts.length && at + Snapshot.ENTRY_OCTETS <= messages.length(); n++) {
            int start = at + Snapshot.ENTRY_OCTETS;
            long end = start + snapshot.octets(first + n);
            if (headIs(at, first + n) && end <= messages.length()) {
                starts[n] = start;
                at = (int) end;
            }
        }
    }

    /** A message; empty where it is not of this run, or was not in the answer. */
    Optional<Buffer> message(int number) {
        int n = number - first;
        if (n < 0 || n >= starts.length || starts[n] == NOT_THERE) {
            return Optional.empty();
        }
        return Optional.of(answer.slice(starts[n], starts[n] + (int) snapshot.octets(number)));
    }

    /** Every message that is there. */
    void forEach(BiConsumer<UUID, Buffer> action) {
        for (int number = first; number < first + starts.length; number++) {
            UUID mailId = snapshot.mailId(number);
            message(number).ifPresent(octets -> action.accept(mailId, octets));
        }
    }

    @Override
    public void close() {
        memory.close();
    }

    private boolean headIs(int at, int number) {
        return snapshot.mailId(number).equals(new UUID(answer.getLong(at), answer.getLong(at + Long.BYTES)))
                && snapshot.octets(number) == answer.getLong(at + 2 * Long.BYTES);
    }
}
