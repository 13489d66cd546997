package org.postbus.delivery.nexthop;

import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.postbus.delivery.DeliveryConfig;
import org.postbus.delivery.dns.Answer;
import org.postbus.delivery.dns.Dns;
import org.postbus.delivery.dns.Mx;
import org.postbus.delivery.tlspolicy.MtaSts;
import org.postbus.delivery.tlspolicy.PolicyFetch;
import org.postbus.delivery.tlspolicy.PolicyStore;
import org.postbus.delivery.tlspolicy.StsPolicy;
import org.postbus.delivery.tlspolicy.StsReports;
import org.postbus.delivery.tlspolicy.TlsPolicy;
import org.postbus.protocol.address.AddressLiteral;
import org.postbus.protocol.address.AddressRange;
import org.postbus.protocol.address.International;

/**
 * Finds where mail for a domain goes: by the routes of the configuration, else to its mail hosts (RFC 5321, section 5.1). A failure
 * of the DNS is never taken for an answer. Blocks while it asks; thread-safe.
 */
public final class NextHops {

    private static final NextHop NO_DOMAIN = new NextHop.Nowhere("5.1.2", "the domain does not exist");
    private static final NextHop NO_HOSTS = new NextHop.Nowhere("5.1.2", "the domain has neither mail hosts nor addresses");
    private static final NextHop NO_ADDRESS = new NextHop.Nowhere("5.4.4", "no mail host of the domain has an address");
    private static final NextHop FORBIDDEN =
            new NextHop.Nowhere("5.4.4", "no address of the domain may be connected to");
    private static final NextHop POLICY_UNKNOWN =
            new NextHop.Unknown("4.3.0", "this server cannot read just now which TLS policy of the domain it knows");
    private static final NextHop LOOP = new NextHop.Nowhere("5.4.6", "mail for the domain would come back to this server");
    /** RFC 7505, section 4. */
    private static final NextHop REFUSES = new NextHop.Refuses(556, "5.1.10", "the domain takes no mail (null MX)");

    private final Dns dns;
    private final Optional<MtaSts> mtaSts;
    private final StsReports reports;
    private final Routes routes;
    private final AddressGuard guard;
    private final String hostname;
    private final int port;
    private final RandomGenerator random;

    /**
     * @param port   of mail hosts
     * @param random for the order of hosts that are as good as each other; to be used by several threads
     */
    NextHops(Dns dns, Optional<MtaSts> mtaSts, StsReports reports, Routes routes, AddressGuard guard, String hostname,
            int port, RandomGenerator random) {
        this.dns = dns;
        this.mtaSts = mtaSts;
        this.reports = reports;
        this.routes = routes;
        this.guard = guard;
        this.hostname = International.aLabels(hostname).orElse(hostname);
        this.port = port;
        this.random = random;
    }

    /**
     * @param hostname of this server, to which mail is not relayed
     * @throws IllegalArgumentException where a setting cannot be meant so
     */
    public static NextHops of(DeliveryConfig config, String hostname, Dns dns, Vertx vertx, PolicyStore store, MeterRegistry meters) {
        AddressGuard guard = new AddressGuard(config.allowedNetworks().orElse(List.of()).stream().map(AddressRange::parse).toList());
        PolicyFetch fetch = new PolicyFetch(vertx, dns, guard::permits, Optional.empty());
        Optional<MtaSts> mtaSts = config.mtaSts().enabled()
                ? Optional.of(new MtaSts(dns, fetch, store, InstantSource.system())) : Optional.empty();
        return new NextHops(dns, mtaSts, new StsReports(meters), new Routes(config.routes()), guard, hostname,
                config.relay().port(), new SecureRandom());
    }

    /** @param domain as an address has it: in U-labels or A-labels, or an address literal */
    public NextHop find(String domain) {
        String name = International.aLabels(domain).orElse(domain);
        return switch (routes.of(name)) {
            case Route.Relay relay -> relay(relay);
            case Route.MailHosts(Optional<TlsPolicy> configured) when name.startsWith("[") -> literal(name, configured);
            case Route.MailHosts(Optional<TlsPolicy> configured) -> mailHosts(name, configured);
        };
    }

    /** Equal for domains whose mail goes over the same connections: a route, with its login and TLS; else the domain is alone. */
    public String line(String domain) {
        String name = International.aLabels(domain).orElse(domain);
        return switch (routes.of(name)) {
            case Route.Relay relay -> "route " + relay.name();
            case Route.MailHosts _ -> name;
        };
    }

    /** Who configured it means it: its address is not judged, and a name that is not found is a fault of today. */
    private NextHop relay(Route.Relay relay) {
        String name = International.aLabels(relay.host()).orElse(relay.host());
        Answer<InetAddress> answer = Routes.address(name)
                .<Answer<InetAddress>>map(address -> new Answer.Found<>(List.of(address)))
                .orElseGet(() -> dns.addresses(name));
        return switch (answer) {
            case Answer.Found<InetAddress>(List<InetAddress> addresses) -> new NextHop.Hosts(
                    addresses.stream().limit(Reachable.MAX_ADDRESSES)
                            .map(address -> new Host(name, address, relay.port())).toList(),
                    relay.auth(), relay.implicitTls(), relay.policy());
            case Answer.Failed<InetAddress>(String reason) -> unknown(name + ": " + reason);
            case Answer.NoData<InetAddress> _, Answer.NoSuchDomain<InetAddress> _ ->
                    new NextHop.Unknown("4.4.4", "the relay " + name + " has no address");
        };
    }

    private NextHop literal(String literal, Optional<TlsPolicy> configured) {
        Optional<InetAddress> address = AddressLiteral.parse(literal);
        if (address.isEmpty()) {
            return NO_DOMAIN;
        }
        if (!guard.permits(address.get())) {
            return FORBIDDEN;
        }
        return new NextHop.Hosts(List.of(new Host(address.get().getHostAddress(), address.get(), port)), Optional.empty(), false,
                configured.orElse(new TlsPolicy.Opportunistic(false)));
    }

    private NextHop mailHosts(String domain, Optional<TlsPolicy> configured) {
        return switch (dns.mx(domain)) {
            case Answer.Found<Mx>(List<Mx> listed) when listed.stream().allMatch(Mx::isNull) -> REFUSES;
            case Answer.Found<Mx>(List<Mx> listed) -> mailHosts(domain, listed, configured, NO_ADDRESS);
            case Answer.NoData<Mx>() -> mailHosts(domain, List.of(new Mx(0, domain)), configured, NO_HOSTS);
            case Answer.NoSuchDomain<Mx>() -> NO_DOMAIN;
            case Answer.Failed<Mx>(String reason) -> unknown(reason);
        };
    }

    private NextHop mailHosts(String domain, List<Mx> listed, Optional<TlsPolicy> configured, NextHop without) {
        MailHosts nearer = MailHosts.of(listed, hostname);
        if (nearer.isEmpty()) {
            return LOOP;
        }
        if (configured.isPresent()) {
            return reach(nearer, configured.get(), without);
        }
        try {
            Optional<StsPolicy> published = mtaSts.isPresent() ? mtaSts.get().find(domain) : Optional.empty();
            return published.map(policy -> published(domain, nearer, policy, without))
                    .orElseGet(() -> reach(nearer, new TlsPolicy.Opportunistic(false), without));
        } catch (PolicyStore.UnreadableException e) {
            return POLICY_UNKNOWN;
        }
    }

    /** Hosts that an enforced policy does not list are as if they were not there; the mail is held where that leaves none. */
    private NextHop published(String domain, MailHosts hosts, StsPolicy policy, NextHop without) {
        return switch (policy.mode()) {
            case ENFORCE -> {
                MailHosts listed = hosts.only(policy::matches);
                yield listed.isEmpty() ? new NextHop.Unknown("4.7.5", "no mail host of the domain is in its MTA-STS policy")
                        : reach(listed, new TlsPolicy.Verified(TlsPolicy.Source.MTA_STS), without);
            }
            case TESTING -> {
                hosts.only(host -> !policy.matches(host)).names()
                        .forEach(host -> reports.wouldFail(domain, host, "the policy does not list it"));
                yield reach(hosts, new TlsPolicy.Opportunistic(true), without);
            }
            case NONE -> reach(hosts, new TlsPolicy.Opportunistic(false), without);
        };
    }

    private NextHop reach(MailHosts hosts, TlsPolicy policy, NextHop without) {
        Reachable reachable = Reachable.of(hosts.shuffled(random), dns, guard, port);
        if (!reachable.hosts().isEmpty()) {
            return new NextHop.Hosts(reachable.hosts(), Optional.empty(), false, policy);
        }
        return reachable.failure().map(NextHops::unknown).orElse(reachable.forbidden() ? FORBIDDEN : without);
    }

    private static NextHop unknown(String reason) {
        return new NextHop.Unknown("4.4.3", "the DNS does not answer: " + reason);
    }
}
