package org.postbus.mailbox.credential;

import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import org.postbus.mailbox.account.Account;
import org.postbus.mailbox.config.MailboxConfig;
import org.postbus.mailbox.database.Database;
import org.postbus.mailbox.directory.Names;

/**
 * Says whose name and password these are. A wrong name costs what a wrong password costs, so time tells nothing;
 * the account is looked at each time, so a changed password and a disabled account are refused at once.
 */
@ApplicationScoped
public class CredentialJudge {

    /** A hash that nothing matches, for names that nobody has: of the cost that {@link Argon2} pays now. */
    private static final String NOBODY = "$argon2id$v=19$m=19456,t=2,p=1$"
            + Base64.getEncoder().withoutPadding().encodeToString(new byte[16]) + "$"
            + Base64.getEncoder().withoutPadding().encodeToString(new byte[32]);

    // A password that was changed in this moment is another hash, and stays.
    static final String IMPROVE = "update account set password_hash = ? where id = ? and password_hash = ?";

    private Argon2 argon2;
    private Database database;
    private RememberedSuccesses remembered;
    private FailedLogins failures;

    /** What came out. */
    public sealed interface Outcome {

        /** @param address the account's, in canonical form */
        record Accepted(UUID accountId, String address) implements Outcome {
        }

        /** Wrong name, wrong password or disabled account: never said which. */
        record Refused() implements Outcome {
        }

        /** Too many logins at a time; nothing was judged. */
        record Busy() implements Outcome {
        }

        /** Too many wrong passwords for the account or from the client; nothing was judged. */
        record TooManyFailures() implements Outcome {
        }
    }

    private record Credential(UUID accountId, String address, String hash, long version) {

        KnownLogin login() {
            return new KnownLogin(accountId, version);
        }

        /** Without the hash. */
        @Override
        public String toString() {
            return "Credential[accountId=" + accountId + ", version=" + version + "]";
        }
    }

    /** For the client proxy. */
    CredentialJudge() {
    }

    @Inject
    public CredentialJudge(Argon2 argon2, MailboxConfig config, Database database) {
        this(argon2, database, new RememberedSuccesses(config.credentials().remember(), config.credentials().rememberAtMost(),
                System::nanoTime), new FailedLogins(database, config.credentials().failuresPerAccount(),
                config.credentials().failuresPerClient(), config.credentials().failureWindow()));
    }

    CredentialJudge(Argon2 argon2, Database database, RememberedSuccesses remembered, FailedLogins failures) {
        this.argon2 = argon2;
        this.database = database;
        this.remembered = remembered;
        this.failures = failures;
    }

    /**
     * Judges a login. One that was right a while ago is not kept out by what others tried since.
     *
     * @param name   a full address in any spelling
     * @param client its IP address
     */
    public Outcome verify(String name, String password, String client) {
        Password offered = Password.offered(password);
        Optional<Credential> credential = credential(name);
        if (credential.filter(known -> isRemembered(known, offered)).isPresent()) {
            return accepted(credential.get());
        }
        FailedLogins.Attempt attempt = new FailedLogins.Attempt(Names.canonicalAddress(name), client);
        if (failures.areEnough(attempt)) {
            return new Outcome.TooManyFailures();
        }
        Outcome outcome = credential.map(known -> judge(known, offered)).orElseGet(() -> nobody(offered));
        if (outcome instanceof Outcome.Refused) {
            failures.count(attempt);
        }
        return outcome;
    }

    /**
     * A login that needs no hash. What it says of the account may be out of date.
     *
     * @param name a full address in any spelling
     */
    public Optional<KnownLogin> remembered(String name, String password) {
        return Names.canonicalAddress(name).flatMap(address -> remembered.find(address, Password.offered(password)));
    }

    private boolean isRemembered(Credential credential, Password offered) {
        return remembered.find(credential.address(), offered).filter(credential.login()::equals).isPresent();
    }

    private static Outcome accepted(Credential credential) {
        return new Outcome.Accepted(credential.accountId(), credential.address());
    }

    private Outcome judge(Credential credential, Password offered) {
        return switch (argon2.matches(credential.hash(), offered)) {
            case MATCH -> {
                remembered.add(credential.address(), credential.login(), offered);
                improve(credential, offered);
                yield accepted(credential);
            }
            case MISMATCH -> new Outcome.Refused();
            case BUSY -> new Outcome.Busy();
        };
    }

    /** The hash of another server becomes one of ours. The password is the same, and so is its version. */
    private void improve(Credential credential, Password offered) {
        argon2.better(credential.hash(), offered)
                .ifPresent(hash -> database.relaxedUpdate(IMPROVE, hash, credential.accountId(), credential.hash()));
    }

    private Outcome nobody(Password offered) {
        return switch (argon2.matches(NOBODY, offered)) {
            case MATCH, MISMATCH -> new Outcome.Refused();
            case BUSY -> new Outcome.Busy();
        };
    }

    private static Optional<Credential> credential(String name) {
        return Names.canonicalAddress(name).flatMap(address -> QuarkusTransaction.requiringNew().call(() ->
                Account.at(address).filter(account -> account.enabled).map(account ->
                        new Credential(account.id, account.address, account.passwordHash, account.credentialVersion))));
    }
}
