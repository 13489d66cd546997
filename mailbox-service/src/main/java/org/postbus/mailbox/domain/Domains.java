package org.postbus.mailbox.domain;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.Optional;
import org.postbus.events.directory.DirectoryChange;
import org.postbus.mailbox.account.Account;
import org.postbus.mailbox.alias.Alias;
import org.postbus.mailbox.directory.Change;
import org.postbus.mailbox.directory.DirectoryLog;
import org.postbus.mailbox.directory.Names;
import org.postbus.mailbox.directory.TableDirectory;
import org.postbus.rest.Page;
import org.postbus.rest.PageRequest;
import org.postbus.rest.ProblemException;
import org.postbus.rest.ProblemType;

/** The domains, and who is postmaster of each. Names are canonical. */
@ApplicationScoped
@Transactional
public class Domains {

    private DirectoryLog log;

    /** For the client proxy. */
    Domains() {
    }

    @Inject
    public Domains(DirectoryLog log) {
        this.log = log;
    }

    public Page<DomainView> list(PageRequest request) {
        List<Domain> rows = Domain.after(request.after().orElse(""), request.limit() + 1);
        return Page.of(rows, request, domain -> domain.name, DomainView::of);
    }

    public DomainView get(String name) {
        return DomainView.of(existing(name));
    }

    /** @param postmaster an account that exists, or an address of the new domain that does not exist yet */
    public Change<DomainView> create(String name, Optional<String> postmaster) {
        log.begin();
        if (Domain.named(name).isPresent()) {
            throw ProblemType.ALREADY_EXISTS.because("the domain " + name + " exists");
        }
        postmaster.filter(address -> !Names.domainOf(address).equals(name)).ifPresent(this::requireEnabledAccount);
        Domain domain = new Domain();
        domain.name = name;
        domain.postmaster = postmaster.orElse(null);
        domain.version = log.nextVersion();
        domain.persist();
        log.publish(TableDirectory.entry(domain));
        return Change.published(DomainView.of(domain), domain.version);
    }

    public Change<DomainView> change(String name, Optional<String> postmaster) {
        log.begin();
        Domain domain = existing(name);
        if (postmaster.isEmpty()) {
            return Change.quiet(DomainView.of(domain));
        }
        requireEnabledAccount(postmaster.get());
        domain.postmaster = postmaster.get();
        return Change.published(DomainView.of(domain), publish(domain));
    }

    public Change<String> delete(String name) {
        log.begin();
        Domain domain = existing(name);
        long accounts = Account.countIn(name);
        long aliases = Alias.countIn(name);
        long elsewhere = Alias.countLeadingTo(name);
        if (accounts + aliases + elsewhere > 0) {
            throw ProblemType.DOMAIN_NOT_EMPTY.because("accounts: " + accounts + ", aliases: " + aliases
                    + ", aliases that lead to it: " + elsewhere);
        }
        domain.delete();
        return Change.published(name, log.publishDeletion(DirectoryChange.domainKey(name)));
    }

    /**
     * Follows the creation of an account: a domain without a postmaster gets its first account, and a domain that
     * waited for this one is told. Within the change of the directory that created it.
     *
     * @return the version of the last change, if there was one
     */
    public Optional<Long> accountCreated(Account account) {
        Domain own = existing(account.domain);
        if (own.postmaster == null) {
            own.postmaster = account.address;
        }
        return Domain.withPostmaster(account.address).stream().map(this::publish).reduce(Math::max);
    }

    /**
     * Follows the end of an account, by deletion. A postmaster may go only as the last account of its domain.
     *
     * @return the version of the last change, if there was one
     */
    public Optional<Long> accountDeleted(Account account) {
        List<Domain> served = Domain.withPostmaster(account.address);
        boolean last = Account.countIn(account.domain) == 0;
        Optional<Long> version = Optional.empty();
        for (Domain domain : served) {
            if (!last || !domain.name.equals(account.domain)) {
                throw postmasterNeeded(account.address, served);
            }
            domain.postmaster = null;
            version = Optional.of(publish(domain));
        }
        return version;
    }

    /** Refuses to let a postmaster be disabled: it could be refused mail. */
    public void requireNoPostmaster(Account account) {
        List<Domain> served = Domain.withPostmaster(account.address);
        if (!served.isEmpty()) {
            throw postmasterNeeded(account.address, served);
        }
    }

    public boolean isLocal(String domain) {
        return Domain.named(domain).isPresent();
    }

    /** Refuses an address outside the local domains. */
    public void requireLocal(String domain) {
        if (!isLocal(domain)) {
            throw ProblemType.UNKNOWN_DOMAIN.because("the domain " + domain + " is not local; create it first");
        }
    }

    private long publish(Domain domain) {
        domain.version = log.nextVersion();
        log.publish(TableDirectory.entry(domain));
        return domain.version;
    }

    private void requireEnabledAccount(String address) {
        if (Account.at(address).filter(account -> account.enabled).isEmpty()) {
            throw ProblemType.INVALID.because("the postmaster " + address + " is no enabled account");
        }
    }

    private static Domain existing(String name) {
        return Domain.named(name).orElseThrow(() -> ProblemType.NOT_FOUND.because("there is no domain " + name));
    }

    private static ProblemException postmasterNeeded(String address, List<Domain> served) {
        return ProblemType.POSTMASTER_NEEDED.because("give another postmaster to "
                + String.join(", ", served.stream().limit(5).map(domain -> domain.name).toList()) + " before " + address + " goes");
    }
}
