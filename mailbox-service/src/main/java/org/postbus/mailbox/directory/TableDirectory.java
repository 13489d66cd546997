package org.postbus.mailbox.directory;

import java.util.List;
import java.util.Optional;
import org.postbus.events.directory.Directory;
import org.postbus.events.directory.DirectoryEntry;
import org.postbus.mailbox.account.Account;
import org.postbus.mailbox.alias.Alias;
import org.postbus.mailbox.domain.Domain;

/** The directory as the tables have it. Needs a transaction; sees what the transaction has written. */
public final class TableDirectory implements Directory {

    /** What the tables say about a domain. A postmaster that is yet to be created is none yet. */
    public static DirectoryEntry.Domain entry(Domain domain) {
        Optional<String> postmaster = Optional.ofNullable(domain.postmaster)
                .filter(address -> Account.at(address).isPresent());
        return new DirectoryEntry.Domain(domain.name, domain.version, postmaster);
    }

    public static DirectoryEntry.Account entry(Account account) {
        return new DirectoryEntry.Account(account.address, account.version, account.id, account.enabled);
    }

    public static DirectoryEntry.Alias entry(Alias alias) {
        return new DirectoryEntry.Alias(alias.address, alias.version, alias.targets);
    }

    @Override
    public Optional<DirectoryEntry.Domain> domain(String name) {
        return Domain.named(name).map(TableDirectory::entry);
    }

    @Override
    public Optional<DirectoryEntry> address(String canonicalAddress) {
        Optional<DirectoryEntry> account = Account.at(canonicalAddress).map(TableDirectory::entry);
        return account.or(() -> Alias.at(canonicalAddress).map(TableDirectory::entry));
    }

    @Override
    public Optional<DirectoryEntry.Domain> postmasterDomain() {
        List<Domain> domains = Domain.list("postmaster is not null order by name");
        return domains.stream().map(TableDirectory::entry).filter(domain -> domain.postmaster().isPresent()).findFirst();
    }
}
