package org.postbus.mailbox.credential;

import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/**
 * Computes some hashes that nobody asked for when the service starts. The first ones of a process take ten times as long as
 * those that follow, until the JVM has compiled them; they shall not be the first users' logins.
 */
@ApplicationScoped
public class FirstHashes {

    private static final int COUNT = 12;

    private final Argon2 argon2;

    FirstHashes(Argon2 argon2) {
        this.argon2 = argon2;
    }

    void compute(@Observes StartupEvent event) {
        Thread thread = new Thread(() -> {
            for (int n = 0; n < COUNT; n++) {
                argon2.hash(Password.offered("nobody's"));
            }
        }, "first-hashes");
        thread.setDaemon(true);
        thread.start();
    }
}
