package org.postbus.smtpgateway;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.Cache;
import org.xbill.DNS.DClass;
import org.xbill.DNS.ExtendedResolver;
import org.xbill.DNS.Name;
import org.xbill.DNS.NameTooLongException;
import org.xbill.DNS.Record;
import org.xbill.DNS.Resolver;
import org.xbill.DNS.ReverseMap;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;
import org.xbill.DNS.lookup.LookupResult;
import org.xbill.DNS.lookup.LookupSession;

/**
 * Asks blocklists about clients (RFC 5782): an A record in 127.0.0.0/8 at the reversed address below a zone lists it. Who
 * cannot be asked lists nobody: a broken list must not stop all mail. Answers are cached as long as they say.
 */
final class Blocklists {

    private static final Logger LOG = Logger.getLogger(Blocklists.class);
    private static final int DNS_PORT = 53;
    private static final int LOOPBACK = 127;
    /** Answers of 127.255.255.0/24 are no listing: the list says that it does not serve the resolver that asks. */
    private static final int ERRORS = 255;
    /** Labels of {@code in-addr.arpa.} and {@code ip6.arpa.}, which stand behind the reversed address. */
    private static final int ARPA_LABELS = 3;

    private final Vertx vertx;
    private final List<Name> zones;
    private final LookupSession dns;
    private final Duration within;

    private Blocklists(Vertx vertx, List<Name> zones, LookupSession dns, Duration within) {
        this.within = within;
        this.vertx = vertx;
        this.zones = zones;
        this.dns = dns;
    }

    /** Empty where no zone is configured. */
    static Optional<Blocklists> of(SmtpConfig.Dnsbl config, Vertx vertx) {
        List<Name> zones = config.zones().orElse(List.of()).stream().map(Blocklists::zone).toList();
        return zones.isEmpty() ? Optional.empty() : Optional.of(new Blocklists(vertx, zones,
                LookupSession.defaultBuilder().clearCaches().cache(new Cache(DClass.IN)).resolver(resolver(config)).build(),
                config.timeout()));
    }

    /** Whether any of them lists the client. To be called on a Vert.x context; completes there, and never fails. */
    Future<Boolean> list(InetAddress client) {
        Future<Boolean> listed = Future.succeededFuture(false);
        for (Future<Boolean> answer : zones.stream().map(zone -> ask(client, zone)).toList()) {
            listed = listed.compose(before -> before ? Future.succeededFuture(true) : answer);
        }
        return listed;
    }

    private Future<Boolean> ask(InetAddress client, Name zone) {
        Context context = vertx.getOrCreateContext();
        Promise<Boolean> promise = Promise.promise();
        dns.lookupAsync(question(client, zone), Type.A).whenComplete((answer, failure) ->
                context.runOnContext(ignored -> promise.tryComplete(failure == null && lists(answer, zone))));
        return promise.future().timeout(within.toMillis(), TimeUnit.MILLISECONDS).otherwise(false);
    }

    private static boolean lists(LookupResult answer, Name zone) {
        for (Record record : answer.getRecords()) {
            byte[] address = record instanceof ARecord a ? a.getAddress().getAddress() : new byte[4];
            boolean error = (address[1] & 0xFF) == ERRORS && (address[2] & 0xFF) == ERRORS;
            if (error) {
                LOG.warnf("%s does not serve this resolver", zone);
            } else if (address[0] == LOOPBACK) {
                return true;
            }
        }
        return false;
    }

    /** The reversed address, as nibbles for IPv6, below the zone (RFC 5782, sections 2.1 and 2.4). */
    private static Name question(InetAddress client, Name zone) {
        Name reversed = ReverseMap.fromAddress(client);
        try {
            return Name.concatenate(reversed.relativize(new Name(reversed, reversed.labels() - ARPA_LABELS)), zone);
        } catch (NameTooLongException e) {
            throw new IllegalStateException("zones are checked to be short", e);
        }
    }

    private static Name zone(String text) {
        try {
            Name zone = Name.fromString(text, Name.root);
            if (zone.length() > 100) {
                throw new IllegalArgumentException("smtp.dnsbl.zones: " + text + " is too long");
            }
            return zone;
        } catch (TextParseException e) {
            throw new IllegalArgumentException("smtp.dnsbl.zones: " + text + " is no domain", e);
        }
    }

    private static Resolver resolver(SmtpConfig.Dnsbl config) {
        Resolver resolver = config.servers()
                .map(servers -> new ExtendedResolver(servers.stream()
                        .map(server -> server(server, config.timeout().dividedBy(servers.size()))).toArray(Resolver[]::new)))
                .orElseGet(ExtendedResolver::new);
        resolver.setTimeout(config.timeout());
        return resolver;
    }

    /** @param within its share of the time, so that the next one is asked in time */
    private static Resolver server(String text, Duration within) {
        int colon = text.startsWith("[") ? text.indexOf("]:") + 1 : text.indexOf(':') == text.lastIndexOf(':') ? text.indexOf(':') : -1;
        String host = colon > 0 ? text.substring(0, colon) : text;
        int port = colon > 0 ? Integer.parseInt(text.substring(colon + 1)) : DNS_PORT;
        Resolver resolver = new SimpleResolver(new InetSocketAddress(host, port));
        resolver.setTimeout(within);
        return resolver;
    }
}
