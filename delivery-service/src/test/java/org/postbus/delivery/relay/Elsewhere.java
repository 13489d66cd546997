package org.postbus.delivery.relay;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.postbus.delivery.dns.ScriptedDns;
import org.postbus.protocol.remote.RemoteMx;
import org.postbus.protocol.remote.Script;

/** Domains of others: a DNS that knows them, and their mail hosts, at one port of different loopback addresses. */
final class Elsewhere implements AutoCloseable {

    static final List<String> USUAL = List.of("PIPELINING", "SIZE 52428800", "8BITMIME", "SMTPUTF8", "DSN", "ENHANCEDSTATUSCODES");
    static final List<String> CHUNKING =
            List.of("PIPELINING", "SIZE 52428800", "8BITMIME", "SMTPUTF8", "CHUNKING", "ENHANCEDSTATUSCODES");

    private final ScriptedDns dns = new ScriptedDns();
    private final List<RemoteMx> hosts = new ArrayList<>();
    private final Map<String, String> addresses = new HashMap<>();

    /** A host of that name, at the next address. */
    RemoteMx host(String name, List<String> keywords, Optional<SSLContext> certificate, Script script) {
        String address = "127.0." + (1 + hosts.size() / 250) + "." + (1 + hosts.size() % 250);
        int port = hosts.isEmpty() ? 0 : port();
        RemoteMx mx = new RemoteMx(name, new InetSocketAddress(InetAddress.ofLiteral(address), port), keywords, certificate, script);
        hosts.add(mx);
        dns.address(name, address);
        addresses.put(name, address);
        return mx;
    }

    RemoteMx host(String name, Script script) {
        return host(name, USUAL, Optional.empty(), script);
    }

    /** A domain with one mail host. */
    RemoteMx domain(String name, List<String> keywords, Optional<SSLContext> certificate, Script script) {
        dns.mx(name, 10, "mx." + name);
        return host("mx." + name, keywords, certificate, script);
    }

    RemoteMx domain(String name, Script script) {
        return domain(name, USUAL, Optional.empty(), script);
    }

    String address(String host) {
        return addresses.get(host);
    }

    ScriptedDns dns() {
        return dns;
    }

    int port() {
        return hosts.getFirst().port();
    }

    /** For a bench that may go there. */
    Map<String, String> settings(Map<String, String> others) {
        Map<String, String> all = new HashMap<>(others);
        all.put("relay.port", String.valueOf(port()));
        all.put("dns.servers", dns.address());
        all.put("allowed-networks", "127.0.0.0/8");
        return all;
    }

    @Override
    public void close() throws IOException {
        hosts.forEach(RemoteMx::close);
        dns.close();
    }
}
