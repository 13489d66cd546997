package org.postbus.events;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Moments at which the fault harness halts a service, to see what its promises are worth there.
 *
 * <p>Armed by the settings {@code postbus.fault.at=NAME[@TOPIC][:n]}, which halts at the n-th passage (the first unless said),
 * and {@code postbus.fault.markers}, the folder that a marker is left in, as proof. Both are read from the environment
 * ({@code POSTBUS_FAULT_AT}, {@code POSTBUS_FAULT_MARKERS}) and from nowhere else: in a file or as a system property they are
 * settings that a service does not know and refuses to start with. Where either is absent or makes no sense, nothing is
 * armed, and a passage costs one comparison with a constant.
 */
public enum FaultPoint {

    /** smtp-gateway: a name and a password were judged right, 235 is not written. */
    SMTP_LOGGED_IN,
    /** smtp-gateway: the content filter wants the mail, the record that makes it was not sent. */
    SMTP_FILTERED,
    /** smtp-gateway: the final dot was read, nothing of the mail's last record was sent. */
    SMTP_DOT,
    /** smtp-gateway: Kafka has acknowledged the mail, 250 is not written. */
    SMTP_ACKNOWLEDGED,
    /** smtp-gateway: the reply to the final dot was handed to the socket. */
    SMTP_REPLIED,
    /** A gateway: the producer has a record of TOPIC, and nobody was told of its acknowledgement. */
    SENT(Duration.ofMillis(5)),
    /** A consumer of TOPIC: a batch was polled, nothing was applied. */
    CONSUMER_POLLED,
    /** A consumer of TOPIC: the effect is written, the transaction is open. */
    CONSUMER_BEFORE_COMMIT,
    /** A consumer of TOPIC: the transaction is committed, the offset is not told to Kafka. */
    CONSUMER_COMMITTED,
    /** delivery-service: a status notification was handed to the producer, the position has not moved. */
    DSN_SENT(Duration.ofMillis(5)),
    /** delivery-service: recipients are claimed, none of them is attempted. */
    RELAY_CLAIMED,
    /** delivery-service: a remote has answered to a mail, nothing of that is recorded. */
    RELAY_ANSWERED,
    /** delivery-service: what came of attempts is recorded, nothing of it is published. */
    RELAY_RECORDED,
    /** pop3-gateway: a maildrop was opened and locked. */
    POP3_LOCKED,
    /** pop3-gateway: in the middle of a message. */
    POP3_RETRIEVING,
    /** pop3-gateway: QUIT was read, its deletions are not published. */
    POP3_QUIT,
    /** pop3-gateway: Kafka has acknowledged the deletions, +OK is not written. */
    POP3_PUBLISHED;

    private static final Pattern AT = Pattern.compile("([A-Z0-9_]+)(?:@([a-z.]+))?(?::([1-9][0-9]{0,8}))?");
    private static final int STATUS_OF_SIGKILL = 137;
    private static final Armed ARMED = armed(System.getenv().getOrDefault("POSTBUS_FAULT_AT", ""),
            System.getenv().getOrDefault("POSTBUS_FAULT_MARKERS", ""));

    private final Duration linger;

    FaultPoint() {
        this(Duration.ZERO);
    }

    /** @param linger up to how long the halt waits, so that what was begun gets as far as chance will have it */
    FaultPoint(Duration linger) {
        this.linger = linger;
    }

    /** Ends the process here if it is armed so. */
    public void reached() {
        if (ARMED != null) {
            ARMED.reached(this, "");
        }
    }

    /** The same, where the topic tells which of several loops this is. */
    public void reached(String topic) {
        if (ARMED != null) {
            ARMED.reached(this, topic);
        }
    }

    /** Returns null where nothing is armed. */
    static Armed armed(String at, String markers) {
        Matcher spec = AT.matcher(at);
        if (at.isEmpty() || markers.isEmpty() || !spec.matches()) {
            return null;
        }
        Path folder = Path.of(markers);
        for (FaultPoint point : values()) {
            if (point.name().equals(spec.group(1)) && Files.isDirectory(folder)) {
                int passages = spec.group(3) == null ? 1 : Integer.parseInt(spec.group(3));
                return new Armed(point, spec.group(2) == null ? "" : spec.group(2), new AtomicInteger(passages), folder);
            }
        }
        return null;
    }

    /** @param topic empty for any */
    record Armed(FaultPoint point, String topic, AtomicInteger left, Path markers) {

        void reached(FaultPoint passed, String where) {
            if (left.get() <= 0) {
                // The halt is under way: no thread gets past the moment that it is to happen at.
                LockSupport.park(this);
            }
            if (passed == point && (topic.isEmpty() || topic.equals(where)) && left.decrementAndGet() == 0) {
                halt();
            }
        }

        private void halt() {
            long nanos = point.linger.toNanos();
            LockSupport.parkNanos(nanos == 0 ? 0 : ThreadLocalRandom.current().nextLong(nanos));
            try {
                Files.createFile(markers.resolve(point + "-" + ProcessHandle.current().pid()));
            } catch (IOException e) {
                System.err.println("no marker of " + point + ": " + e.getMessage());
            }
            Runtime.getRuntime().halt(STATUS_OF_SIGKILL);
        }
    }
}
