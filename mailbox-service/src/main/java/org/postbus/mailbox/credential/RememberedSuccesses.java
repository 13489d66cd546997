package org.postbus.mailbox.credential;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The right passwords of a while ago, so that a client that polls pays for one hash in a window and not for one
 * each minute. Remembers HMAC-SHA-256 values under a key that only this process ever has; the credential version
 * is part of each, so a changed or disabled account is not known here. Safe for all threads.
 */
final class RememberedSuccesses {

    private static final String ALGORITHM = "HmacSHA256";

    private final SecretKeySpec key;
    private final Duration window;
    private final LongSupplier nanoTime;
    private final Map<String, Success> successes;

    private record Success(KnownLogin login, byte[] code, long at) {
    }

    /**
     * @param window   zero remembers nothing
     * @param atMost   accounts; the one that was longest without a login is forgotten first
     * @param nanoTime a clock that only goes forward
     */
    RememberedSuccesses(Duration window, int atMost, LongSupplier nanoTime) {
        byte[] random = new byte[32];
        new SecureRandom().nextBytes(random);
        this.key = new SecretKeySpec(random, ALGORITHM);
        this.window = window;
        this.nanoTime = nanoTime;
        this.successes = new LinkedHashMap<>(16, 0.75f, true) {

            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Success> eldest) {
                return size() > atMost;
            }
        };
    }

    /**
     * What this password opened within the window.
     *
     * @param address in canonical form
     */
    Optional<KnownLogin> find(String address, Password password) {
        Success success;
        synchronized (successes) {
            success = successes.get(address);
        }
        return success != null && nanoTime.getAsLong() - success.at() < window.toNanos()
                && MessageDigest.isEqual(success.code(), code(success.login(), password))
                        ? Optional.of(success.login()) : Optional.empty();
    }

    void add(String address, KnownLogin login, Password password) {
        if (window.isZero()) {
            return;
        }
        Success success = new Success(login, code(login, password), nanoTime.getAsLong());
        synchronized (successes) {
            successes.put(address, success);
        }
    }

    private byte[] code(KnownLogin login, Password password) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            mac.update(ByteBuffer.allocate(24).putLong(login.accountId().getMostSignificantBits())
                    .putLong(login.accountId().getLeastSignificantBits()).putLong(login.credentialVersion()).flip());
            return mac.doFinal(password.octets());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
        }
    }
}
