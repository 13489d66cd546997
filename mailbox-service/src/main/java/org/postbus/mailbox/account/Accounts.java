package org.postbus.mailbox.account;

import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;
import org.hibernate.Session;
import org.postbus.events.MailIds;
import org.postbus.events.directory.DirectoryChange;
import org.postbus.mailbox.alias.Alias;
import org.postbus.mailbox.credential.Argon2;
import org.postbus.mailbox.credential.Password;
import org.postbus.mailbox.credential.PasswordHash;
import org.postbus.mailbox.credential.Secret;
import org.postbus.mailbox.directory.Change;
import org.postbus.mailbox.directory.DirectoryLog;
import org.postbus.mailbox.directory.Names;
import org.postbus.mailbox.directory.TableDirectory;
import org.postbus.mailbox.domain.Domains;
import org.postbus.mailbox.maildrop.MaildropRemoval;
import org.postbus.rest.Page;
import org.postbus.rest.PageRequest;
import org.postbus.rest.Patch;
import org.postbus.rest.ProblemType;

/** The accounts. Addresses are canonical. Passwords are hashed before a transaction begins: it takes long. */
@ApplicationScoped
public class Accounts {

    private DirectoryLog log;
    private Domains domains;
    private Argon2 argon2;

    /** For the client proxy. */
    Accounts() {
    }

    @Inject
    public Accounts(DirectoryLog log, Domains domains, Argon2 argon2) {
        this.log = log;
        this.domains = domains;
        this.argon2 = argon2;
    }

    /** @param quotaBytes given only if it is to change */
    public record Changes(Optional<Password> password, Optional<Boolean> enabled, Patch<Long> quotaBytes) {
    }

    public Page<AccountView> list(PageRequest request, Optional<String> domain) {
        return QuarkusTransaction.requiringNew().call(() -> {
            List<Account> rows = Account.after(request.after().orElse(""), domain, request.limit() + 1);
            return Page.of(rows, request, account -> account.address, AccountView::of);
        });
    }

    public AccountView get(String address) {
        return QuarkusTransaction.requiringNew().call(() -> AccountView.of(existing(address)));
    }

    public Change<AccountView> create(String address, Secret secret, Optional<Long> quotaBytes) {
        QuarkusTransaction.requiringNew().run(() -> requireFree(address));
        String hash = hash(secret);
        return QuarkusTransaction.requiringNew().call(() -> insert(address, hash, quotaBytes));
    }

    private Change<AccountView> insert(String address, String hash, Optional<Long> quotaBytes) {
        log.begin();
        requireFree(address);
        Account account = new Account();
        account.id = MailIds.mint();
        account.address = address;
        account.domain = Names.domainOf(address);
        account.passwordHash = hash;
        account.quotaBytes = quotaBytes.orElse(null);
        account.version = log.nextVersion();
        account.persist();
        log.publish(TableDirectory.entry(account));
        long last = domains.accountCreated(account).orElse(account.version);
        return Change.published(AccountView.of(account), last);
    }

    public Change<AccountView> change(String address, Changes changes) {
        QuarkusTransaction.requiringNew().run(() -> existing(address));
        Optional<String> hash = changes.password().map(this::hash);
        return QuarkusTransaction.requiringNew().call(() -> update(address, hash, changes));
    }

    private Change<AccountView> update(String address, Optional<String> hash, Changes changes) {
        log.begin();
        Account account = existing(address);
        hash.ifPresent(value -> {
            account.passwordHash = value;
            account.credentialVersion++;
        });
        if (changes.quotaBytes().given()) {
            account.quotaBytes = changes.quotaBytes().value().orElse(null);
        }
        if (changes.enabled().orElse(account.enabled) == account.enabled) {
            return Change.quiet(AccountView.of(account));
        }
        enable(account, !account.enabled);
        return Change.published(AccountView.of(account), account.version);
    }

    private void enable(Account account, boolean enabled) {
        if (!enabled) {
            domains.requireNoPostmaster(account);
        }
        account.enabled = enabled;
        account.credentialVersion++;
        account.version = log.nextVersion();
        log.publish(TableDirectory.entry(account));
    }

    /** Deletes an account with its maildrop. */
    public Change<String> delete(String address) {
        return QuarkusTransaction.requiringNew().call(() -> {
            log.begin();
            Account account = existing(address);
            Account.getEntityManager().unwrap(Session.class)
                    .doWork(connection -> MaildropRemoval.remove(connection, account.id));
            account.delete();
            long deletion = log.publishDeletion(DirectoryChange.addressKey(address));
            return Change.published(address, domains.accountDeleted(account).orElse(deletion));
        });
    }

    private String hash(Secret secret) {
        return switch (secret) {
            case Password password -> argon2.hash(password)
                    .orElseThrow(() -> ProblemType.UNAVAILABLE.because("too many passwords are being hashed"));
            case PasswordHash hash -> hash.text();
        };
    }

    private void requireFree(String address) {
        domains.requireLocal(Names.domainOf(address));
        if (Account.at(address).isPresent()) {
            throw ProblemType.ALREADY_EXISTS.because("there is an account at " + address);
        }
        if (Alias.at(address).isPresent()) {
            throw ProblemType.ALREADY_EXISTS.because("there is an alias at " + address);
        }
    }

    private static Account existing(String address) {
        return Account.at(address).orElseThrow(() -> ProblemType.NOT_FOUND.because("there is no account at " + address));
    }
}
