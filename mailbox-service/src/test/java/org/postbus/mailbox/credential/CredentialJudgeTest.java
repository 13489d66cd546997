package org.postbus.mailbox.credential;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.postbus.mailbox.database.Database;
import org.postgresql.ds.PGSimpleDataSource;

class CredentialJudgeTest {

    private final Database none = new Database(new PGSimpleDataSource());
    private final FailedLogins unlimited = new FailedLogins(none, 0, 0, Duration.ZERO);
    private final RememberedSuccesses nothing = new RememberedSuccesses(Duration.ZERO, 0, System::nanoTime);

    /** Where no hash can be computed, nobody can be refused either: that shows that a wrong name pays for one. */
    @Test
    void hashesThePasswordOfANameThatNobodyHas() {
        CredentialJudge busy = new CredentialJudge(new Argon2(0, Duration.ofMillis(1)), none, nothing, unlimited);
        assertEquals(new CredentialJudge.Outcome.Busy(), busy.verify("no address", "secret", "192.0.2.1"));
        CredentialJudge idle = new CredentialJudge(new Argon2(1, Duration.ofSeconds(5)), none, nothing, unlimited);
        assertEquals(new CredentialJudge.Outcome.Refused(), idle.verify("no address", "secret", "192.0.2.1"));
    }
}
