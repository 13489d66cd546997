package org.postbus.mailbox.credential;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.postbus.mailbox.config.MailboxConfig;

/**
 * Argon2id (RFC 9106) with a bound on how many hashes are computed at a time: each takes a processor and 19 MiB,
 * and logins must not take the machine from the mail. Hashes of other servers are computed under the same bound; one
 * that takes the memory of several takes their turns. They are computed on threads of their own: on a virtual one a hash
 * would keep its carrier from all others for as long as it takes.
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
    private ExecutorService threads;

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
        this.threads = Executors.newCachedThreadPool(Thread.ofPlatform().daemon().name("hash-", 0).factory());
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

    /** Computes on another thread, which keeps the turn until it is done, whether or not the caller waits so long. */
    <T> Optional<T> inTurn(int weight, Duration within, Supplier<T> work) {
        try {
            return turns.tryAcquire(weight, within.toMillis(), TimeUnit.MILLISECONDS)
                    ? Optional.of(compute(weight, work)) : Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private <T> T compute(int weight, Supplier<T> work) throws InterruptedException {
        FutureTask<T> task = new FutureTask<>(() -> {
            try {
                return work.get();
            } finally {
                turns.release(weight);
            }
        });
        start(task, weight);
        try {
            return task.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("a hash could not be computed", e.getCause());
        }
    }

    private void start(Runnable task, int weight) {
        boolean started = false;
        try {
            threads.execute(task);
            started = true;
        } finally {
            if (!started) {
                turns.release(weight);
            }
        }
    }
}
