package org.postbus.mailbox.alias;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.postbus.events.directory.DirectoryChange;
import org.postbus.events.directory.Resolution;
import org.postbus.events.directory.Resolver;
import org.postbus.mailbox.account.Account;
import org.postbus.mailbox.directory.Change;
import org.postbus.mailbox.directory.DirectoryLog;
import org.postbus.mailbox.directory.Names;
import org.postbus.mailbox.directory.TableDirectory;
import org.postbus.mailbox.domain.Domains;
import org.postbus.rest.Page;
import org.postbus.rest.PageRequest;
import org.postbus.rest.ProblemType;

/**
 * The aliases. Addresses are canonical. A target in a local domain need not exist (yet); one elsewhere, which mail is forwarded to, has a
 * full domain and keeps its spelling.
 */
@ApplicationScoped
@Transactional
public class Aliases {

    /** Targets of one alias. */
    public static final int MAX_TARGETS = 1000;

    private DirectoryLog log;
    private Domains domains;

    /** For the client proxy. */
    Aliases() {
    }

    @Inject
    public Aliases(DirectoryLog log, Domains domains) {
        this.log = log;
        this.domains = domains;
    }

    public Page<AliasView> list(PageRequest request, Optional<String> domain) {
        List<Alias> rows = Alias.after(request.after().orElse(""), domain, request.limit() + 1);
        return Page.of(rows, request, alias -> alias.address, AliasView::of);
    }

    public AliasView get(String address) {
        return AliasView.of(existing(address));
    }

    public Change<AliasView> create(String address, List<String> targets) {
        log.begin();
        domains.requireLocal(Names.domainOf(address));
        if (Alias.at(address).isPresent()) {
            throw ProblemType.ALREADY_EXISTS.because("there is an alias at " + address);
        }
        if (Account.at(address).isPresent()) {
            throw ProblemType.ALREADY_EXISTS.because("there is an account at " + address);
        }
        Alias alias = new Alias();
        alias.address = address;
        alias.domain = Names.domainOf(address);
        alias.targets = reachable(targets);
        alias.version = log.nextVersion();
        alias.persist();
        return published(alias);
    }

    public Change<AliasView> change(String address, List<String> targets) {
        log.begin();
        Alias alias = existing(address);
        alias.targets = reachable(targets);
        alias.version = log.nextVersion();
        return published(alias);
    }

    public Change<String> delete(String address) {
        log.begin();
        existing(address).delete();
        return Change.published(address, log.publishDeletion(DirectoryChange.addressKey(address)));
    }

    private Change<AliasView> published(Alias alias) {
        Resolution resolution = new Resolver(new TableDirectory()).resolve(alias.address);
        if (resolution.leaves().stream().anyMatch(Resolution.Leaf.Loop.class::isInstance)) {
            throw ProblemType.ALIAS_CYCLE.because(String.join("; ", resolution.steps().reversed().stream().limit(3).toList()));
        }
        log.publish(TableDirectory.entry(alias));
        return Change.published(AliasView.of(alias), alias.version);
    }

    private List<String> reachable(List<String> targets) {
        Set<String> local = targets.stream().map(Names::domainOf).distinct().filter(domains::isLocal).collect(Collectors.toSet());
        return targets.stream().map(target -> local.contains(Names.domainOf(target)) ? Names.address(target) : elsewhere(target))
                .distinct().toList();
    }

    /** A name of one label is none of the DNS: somebody forgot half of it. */
    private static String elsewhere(String target) {
        if (Names.domainOf(target).indexOf('.') < 0) {
            throw ProblemType.UNKNOWN_DOMAIN.because("the domain " + Names.domainOf(target) + " is neither local nor a full one");
        }
        return target;
    }

    private static Alias existing(String address) {
        return Alias.at(address).orElseThrow(() -> ProblemType.NOT_FOUND.because("there is no alias at " + address));
    }
}
