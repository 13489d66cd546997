package org.postbus.delivery.dns;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.xbill.DNS.ExtendedResolver;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Resolver;
import org.xbill.DNS.ResolverConfig;
import org.xbill.DNS.SimpleResolver;

/** The resolvers that are asked, one after the other until one gives an answer that helps. */
final class Resolvers {

    /** Octets of an answer; what takes more is no list of mail hosts, and would fill the cache. */
    static final int MAX_ANSWER = 16 * 1024;
    private static final int PORT = 53;
    /** Tries at each resolver. */
    private static final int TRIES = 2;

    private Resolvers() {}

    static Resolver of(Optional<List<String>> servers, Duration perTry, Duration within) {
        ExtendedResolver all = new ExtendedResolver(servers
                .map(named -> named.stream().map(Resolvers::address).toList())
                .orElseGet(() -> ResolverConfig.getCurrentConfig().servers())
                .stream().map(address -> new Server(address, perTry)).toArray(Resolver[]::new));
        all.setRetries(TRIES);
        all.setTimeout(within);
        return all;
    }

    /** {@code 192.0.2.1}, {@code 192.0.2.1:5353}, {@code 2001:db8::1}, {@code [2001:db8::1]:5353}. */
    private static InetSocketAddress address(String text) {
        boolean oneColon = text.indexOf(':') == text.lastIndexOf(':');
        int colon = text.startsWith("[") ? text.indexOf("]:") + 1 : oneColon ? text.indexOf(':') : -1;
        InetSocketAddress address = colon > 0
                ? new InetSocketAddress(text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)))
                : new InetSocketAddress(text, PORT);
        if (address.isUnresolved()) {
            throw new IllegalArgumentException("delivery.dns.servers: nobody knows the address of " + text);
        }
        return address;
    }

    /** One that says that it cannot is like one that says nothing: the next one is asked. */
    private static final class Server extends SimpleResolver {

        Server(InetSocketAddress address, Duration perTry) {
            super(address);
            setTimeout(perTry);
        }

        @Override
        public CompletionStage<Message> sendAsync(Message query, Executor executor) {
            return super.sendAsync(query, executor).thenApply(Server::helpful);
        }

        private static Message helpful(Message answer) {
            int rcode = answer.getRcode();
            if (rcode != Rcode.NOERROR && rcode != Rcode.NXDOMAIN) {
                throw new CompletionException(new IOException(Rcode.string(rcode)));
            }
            if (answer.numBytes() > MAX_ANSWER) {
                throw new CompletionException(new IOException("an answer of " + answer.numBytes() + " octets"));
            }
            return answer;
        }
    }
}
