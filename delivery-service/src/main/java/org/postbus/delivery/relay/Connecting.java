package org.postbus.delivery.relay;

import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.postbus.delivery.DeliveryConfig;
import org.postbus.delivery.nexthop.Host;
import org.postbus.delivery.nexthop.NextHop;
import org.postbus.delivery.nexthop.NextHops;
import org.postbus.delivery.nexthop.RelayAuth;
import org.postbus.delivery.queue.Outcome.Word;
import org.postbus.delivery.relay.SmtpConnection.Broken;
import org.postbus.delivery.tlspolicy.CertificateCheck;
import org.postbus.delivery.tlspolicy.StsReports;
import org.postbus.delivery.tlspolicy.TlsPolicy;
import org.postbus.protocol.sasl.Credentials;
import org.postbus.protocol.smtp.client.ClientSettings;
import org.postbus.protocol.smtp.client.Failure;
import org.postbus.protocol.smtp.client.TlsWish;

/** Makes connections to the hosts of a domain, one after the other until one answers, under the policy that holds for it. */
final class Connecting {

    private final NextHops nextHops;
    private final StsReports reports;
    private final String hostname;
    private final DeliveryConfig.RelaySettings limits;
    private final Function<TlsPolicy, CertificateCheck> checks;

    /** What came of it. */
    sealed interface Connected {

        record To(SmtpConnection connection) implements Connected {
        }

        /** Mail for the domain fails. */
        record Never(Word word) implements Connected {
        }

        /** @param throttled whether a host said that it gets too much */
        record NotNow(Word word, boolean throttled) implements Connected {
        }
    }

    /**
     * @param hostname for EHLO
     * @param checks   makes what judges the certificate of one connection
     */
    Connecting(NextHops nextHops, StsReports reports, String hostname, DeliveryConfig.RelaySettings limits,
            Function<TlsPolicy, CertificateCheck> checks) {
        this.nextHops = nextHops;
        this.reports = reports;
        this.hostname = hostname;
        this.limits = limits;
        this.checks = checks;
    }

    /** Before which line mail for a domain waits. */
    String line(String domain) {
        return nextHops.line(domain);
    }

    /**
     * @param without hosts that this mail was tried with just now
     * @param breaker what ends it; then nothing is said about the domain
     */
    Connected connect(String domain, Set<Host> without, Breaker breaker) {
        return switch (nextHops.find(domain)) {
            case NextHop.Hosts hosts -> connect(domain, hosts, without, breaker);
            case NextHop.Refuses refuses -> new Connected.Never(Word.own(refuses.status(), refuses.code() + " " + refuses.text()));
            case NextHop.Nowhere nowhere -> new Connected.Never(Word.own(nowhere.status(), nowhere.text()));
            case NextHop.Unknown unknown -> new Connected.NotNow(Word.own(unknown.status(), unknown.text()), false);
        };
    }

    private Connected connect(String domain, NextHop.Hosts hosts, Set<Host> without, Breaker breaker) {
        Word last = Word.own("4.4.1", "no host was tried");
        boolean throttled = false;
        for (Host host : hosts.hosts().stream().filter(one -> !without.contains(one)).toList()) {
            if (breaker.isBroken()) {
                break;
            }
            try {
                return new Connected.To(connect(domain, host, hosts, breaker));
            } catch (Broken e) {
                Failure failure = e.failure();
                throttled |= Words.saysTooMuch(failure);
                last = Words.of(failure, Optional.of(host));
            }
        }
        return new Connected.NotNow(last, throttled);
    }

    private SmtpConnection connect(String domain, Host host, NextHop.Hosts hosts, Breaker breaker) throws Broken {
        try {
            return open(domain, host, hosts, wish(hosts.policy()), breaker);
        } catch (Broken e) {
            if (e.tlsFailed() && hosts.policy().mayBeClear() && hosts.auth().isEmpty() && !hosts.implicitTls()) {
                return open(domain, host, hosts, TlsWish.NEVER, breaker);
            }
            throw e;
        }
    }

    private SmtpConnection open(String domain, Host host, NextHop.Hosts hosts, TlsWish wish, Breaker breaker) throws Broken {
        CertificateCheck check = checks.apply(hosts.policy());
        SmtpConnection connection = SmtpConnection.open(host, check, new ClientSettings(hostname, hosts.implicitTls(), wish,
                hosts.auth().map(Connecting::credentials)), limits, breaker);
        if (hosts.policy().isTested()) {
            Optional<String> fault = connection.isSecure() ? check.fault() : Optional.of("no TLS");
            fault.ifPresent(why -> reports.wouldFail(domain, host.name(), why));
        }
        return connection;
    }

    private static TlsWish wish(TlsPolicy policy) {
        return !policy.wantsTls() ? TlsWish.NEVER : policy.mayBeClear() ? TlsWish.IF_OFFERED : TlsWish.REQUIRED;
    }

    private static Credentials credentials(RelayAuth auth) {
        return new Credentials(auth.username(), auth.password());
    }
}
