package org.postbus.mailbox.credential;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.postbus.mailbox.config.MailboxConfig;

/**
 * Argon2id (RFC 9106) with a bound on how many hashes are computed at a time: each takes a processor and 19 MiB,
 * and logins must not take the machine from the mail. Hashes of other servers are computed under the same bound; one
 * that takes the memory of several takes their turns.
 */
@ApplicationScoped
public class Argon2 {

    private static final int MEMORY_KIB = 19_456;
    private static final int ITERATIONS = 2;
    private static final int LANES = 1;
    private static final int SALT_OCTETS = 16;
    private static final int HASH_OCTETS = 32;

    private final SecureRandom random = new SecureRandom();
    private int concurrency;
    private Semaphore turns;
    private Duration patience;

    /** The outcome of a comparison. */
    public enum Verdict {
        MATCH, MISMATCH,
        /** There were too many logins at a time to compute the hash. */
        BUSY
    }

    /** For the client proxy. */
    Argon2() {
    }

    @Inject
    public Argon2(MailboxConfig config) {
        this(config.credentials().concurrency().orElseGet(() -> Runtime.getRuntime().availableProcessors()),
                config.credentials().patience());
    }

    /** @param concurrency hashes at a time */
    Argon2(int concurrency, Duration patience) {
        this.concurrency = concurrency;
        this.turns = new Semaphore(concurrency, true);
        this.patience = patience;
    }

    /** @return the hash as a PHC string; empty if there were too many at a time */
    public Optional<String> hash(Password password) {
        return inTurn(1, patience, () -> compute(password));
    }

    /**
     * The hash to have in place of one of another form or cost, if this moment has a turn left: nobody waits for it.
     *
     * @param hash that the password matches
     */
    Optional<String> better(String hash, Password password) {
        return isOurs(hash) ? Optional.empty() : inTurn(1, Duration.ZERO, () -> compute(password));
    }

    /** Compares a password with a hash of {@linkplain HashForm any form}. The empty one matches none, not even its own. */
    public Verdict matches(String hash, Password password) {
        HashForm form = HashForm.of(hash).orElseThrow(() -> new IllegalArgumentException("a hash of no known form"));
        int weight = Math.clamp(Math.ceilDiv(form.memoryKib(hash), MEMORY_KIB), 1, Math.max(1, concurrency));
        return inTurn(weight, patience, () -> form.matches(hash, password) && !password.isEmpty())
                .map(equal -> equal ? Verdict.MATCH : Verdict.MISMATCH)
                .orElse(Verdict.BUSY);
    }

    private String compute(Password password) {
        PhcString cost = cost();
        random.nextBytes(cost.salt());
        return cost.withHash(cost.compute(password)).toString();
    }

    private static boolean isOurs(String hash) {
        return HashForm.of(hash).filter(HashForm.ARGON2::equals).isPresent() && PhcString.parse(hash).costsAs(cost());
    }

    private static PhcString cost() {
        return new PhcString(PhcString.Variant.ID, MEMORY_KIB, ITERATIONS, LANES, new byte[SALT_OCTETS], new byte[HASH_OCTETS]);
    }

    private <T> Optional<T> inTurn(int weight, Duration within, Supplier<T> work) {
        try {
            if (!turns.tryAcquire(weight, within.toMillis(), TimeUnit.MILLISECONDS)) {
                return Optional.empty();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
        try {
            return Optional.of(work.get());
        } finally {
            turns.release(weight);
        }
    }
}
