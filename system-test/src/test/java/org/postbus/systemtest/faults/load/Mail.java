package org.postbus.systemtest.faults.load;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A mail as its client knows it: written down before its final dot, and its outcome after. */
public final class Mail {

    /** What the client was told. */
    public enum Outcome {
        /** The final dot went and no reply came. */
        UNKNOWN,
        /** 250. */
        ACCEPTED,
        /** 4xx to the final dot. */
        PUT_OFF,
        /** 5xx to the final dot. */
        REFUSED,
        /** The final dot was never sent. */
        NOT_SENT
    }

    /** Attempts of the harness's relays follow each other within seconds. */
    private static final Duration TRIED_FOR = Duration.ofSeconds(60);

    private final String token;
    private final String reversePath;
    private final List<String> recipients;
    private final String sha256;
    private volatile Outcome outcome = Outcome.UNKNOWN;
    private volatile Optional<String> id = Optional.empty();
    private volatile boolean insideFault;
    private volatile long endedAt = System.nanoTime();

    Mail(String token, String reversePath, List<String> recipients, String sha256) {
        this.token = token;
        this.reversePath = reversePath;
        this.recipients = recipients;
        this.sha256 = sha256;
    }

    public String token() {
        return token;
    }

    /** Empty for the null reverse-path. */
    public String reversePath() {
        return reversePath;
    }

    public List<String> recipients() {
        return recipients;
    }

    public String sha256() {
        return sha256;
    }

    public Outcome outcome() {
        return outcome;
    }

    /** From the 250. */
    public Optional<String> id() {
        return id;
    }

    /** Whether the outcome came while the fault was on. */
    public boolean insideFault() {
        return insideFault;
    }

    /** Whether a relay can have tried it between the times, by {@link System#nanoTime}, if it tries for a while. */
    boolean isTriedAbout(long begin, long end) {
        return endedAt + TRIED_FOR.toNanos() - begin >= 0 && endedAt - end <= 0;
    }

    void ended(Outcome how, Optional<String> mailId, boolean duringFault) {
        id = mailId;
        insideFault = duringFault;
        endedAt = System.nanoTime();
        outcome = how;
    }

    @Override
    public String toString() {
        return token + " " + outcome + " " + id.orElse("without id") + " from <" + reversePath + "> to " + recipients;
    }
}
