package org.postbus.systemtest.relay;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.StoreScope;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.postbus.delivery.dns.ScriptedDns;
import org.postbus.protocol.remote.RemoteMx;
import org.postbus.protocol.remote.Script;
import org.postbus.systemtest.RunningPlatform;
import org.postbus.systemtest.SharedPlatform;

/**
 * A platform with the servers that it relays to.
 *
 * @param remote  for remote.test and the {@link #BULK} domains
 * @param far     for far.test, where strangers come from
 * @param trap    where every other mail would go: by the route of all other domains, and at the port of mail hosts, on every
 *                address of this machine
 * @param dns     for the {@link #ODD} domains alone, which have no route
 */
public record Relaying(SharedPlatform.Shared shared, RemoteMx remote, RemoteMx far, RemoteMx trap, ScriptedDns dns)
        implements AutoCloseable {

    /** Ten domains of one server. */
    public static final List<String> BULK = IntStream.range(0, 10).mapToObj(n -> "bulk" + n + ".test").toList();
    /** Domains whose mail hosts are looked up in the DNS. */
    public static final List<String> ODD = IntStream.range(0, 32).mapToObj(n -> "odd" + n + ".test").toList();

    /** The one address of this machine that the DNS may name. */
    public static final String ALLOWED = "127.9.9.9";

    private static final String PASSWORD = "a secret of all";

    /** For all tests that leave it running; each makes its own domain in it. */
    public static final class Shared implements ParameterResolver {

        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext test) {
            return parameter.getParameter().getType() == Relaying.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext test) {
            return test.getStore(StoreScope.LAUNCHER_SESSION, ExtensionContext.Namespace.create(Relaying.class))
                    .computeIfAbsent(Relaying.class, ignored -> start(), Relaying.class);
        }
    }

    private static Relaying start() {
        RemoteMx remote = RemoteMx.usual(Script.USUAL);
        RemoteMx far = RemoteMx.usual(Script.USUAL);
        RemoteMx trap = new RemoteMx("trap.test", new InetSocketAddress(0), List.of("PIPELINING"), Optional.empty(), Script.USUAL);
        ScriptedDns dns = new ScriptedDns();
        Map<String, String> settings = new TreeMap<>(Map.of(
                "delivery.dns.servers", dns.address(),
                "delivery.relay.port", String.valueOf(trap.port()),
                "delivery.allowed-networks", ALLOWED,
                "delivery.retry.quick", "1s",
                "delivery.retry.first", "2s"));
        settings.putAll(route("remote.test", remote.port()));
        settings.putAll(route("far.test", far.port()));
        settings.putAll(route("*", trap.port()));
        BULK.forEach(domain -> settings.putAll(route(domain, remote.port())));
        ODD.forEach(domain -> settings.put("delivery.routes.\"" + domain + "\".tls", "opportunistic"));
        return new Relaying(SharedPlatform.Shared.start(settings), remote, far, trap, dns);
    }

    /** The settings by which mail for a domain goes to a server on loopback. */
    static Map<String, String> route(String domain, int port) {
        String key = "delivery.routes.\"" + domain + "\".";
        return Map.of(key + "host", "127.0.0.1", key + "port", String.valueOf(port));
    }

    public RunningPlatform platform() {
        return shared.platform();
    }

    /** An account, in a domain that is made for it. */
    public Account account(String address) {
        platform().admin().domain(address.substring(address.indexOf('@') + 1));
        platform().admin().account(address, PASSWORD);
        return new Account(platform(), address, PASSWORD);
    }

    @Override
    public void close() throws IOException {
        shared.close();
        remote.close();
        far.close();
        trap.close();
        dns.close();
    }
}
