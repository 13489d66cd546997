package org.postbus.mailbox.credential;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;
import org.postbus.mailbox.config.MailboxConfig;

/**
 * Argon2id (RFC 9106) with a bound on how many hashes are computed at a time: each takes a processor and 19 MiB,
 * and logins must not take the machine from the mail.
 */
@ApplicationScoped
public class Argon2 {

    private static final int MEMORY_KIB = 19_456;
    private static final int ITERATIONS = 2;
    private static final int LANES = 1;
    private static final int SALT_OCTETS = 16;
    private static final int HASH_OCTETS = 32;

    private final SecureRandom random = new SecureRandom();
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
        this.turns = new Semaphore(concurrency, true);
        this.patience = patience;
    }

    /** @return the hash as a PHC string; empty if there were too many at a time */
    public Optional<String> hash(Password password) {
        byte[] salt = new byte[SALT_OCTETS];
        random.nextBytes(salt);
        PhcString cost = new PhcString(MEMORY_KIB, ITERATIONS, LANES, salt, new byte[HASH_OCTETS]);
        return inTurn(() -> cost.withHash(compute(password, cost)).toString());
    }

    /** Compares a password with the hash that {@link #hash} made. */
    public Verdict matches(String phcString, Password password) {
        PhcString expected = PhcString.parse(phcString);
        return inTurn(() -> MessageDigest.isEqual(expected.hash(), compute(password, expected)))
                .map(equal -> equal ? Verdict.MATCH : Verdict.MISMATCH)
                .orElse(Verdict.BUSY);
    }

    private static byte[] compute(Password password, PhcString cost) {
        Argon2BytesGenerator generator = new Argon2BytesGenerator();
        generator.init(new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                .withMemoryAsKB(cost.memoryKib()).withIterations(cost.iterations()).withParallelism(cost.lanes())
                .withSalt(cost.salt()).build());
        byte[] hash = new byte[cost.hash().length];
        generator.generateBytes(password.octets(), hash);
        return hash;
    }

    private <T> Optional<T> inTurn(Supplier<T> work) {
        try {
            if (!turns.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                return Optional.empty();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
        try {
            return Optional.of(work.get());
        } finally {
            turns.release();
        }
    }
}
