package org.postbus.delivery.nexthop;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.postbus.delivery.dns.Answer;
import org.postbus.delivery.dns.Dns;

/**
 * The addresses of mail hosts that may be connected to.
 *
 * @param hosts     in the order of the names, {@value #MAX_ADDRESSES} at most
 * @param failure   why one could not be looked up
 * @param forbidden whether an address was left out because it may not be connected to
 */
record Reachable(List<Host> hosts, Optional<String> failure, boolean forbidden) {

    static final int MAX_ADDRESSES = 10;
    /** Names that have addresses. */
    static final int MAX_HOSTS = 5;
    /** Names that are looked up. */
    static final int MAX_QUESTIONS = 20;

    /** A name without address is passed over, and so is one that cannot be looked up. */
    static Reachable of(List<String> names, Dns dns, AddressGuard guard, int port) {
        Search search = new Search(guard, port);
        for (String name : names) {
            if (search.questions == MAX_QUESTIONS) {
                search.failure = Optional.of("none of the first " + MAX_QUESTIONS + " mail hosts has an address");
            }
            if (search.isOver()) {
                break;
            }
            search.take(name, dns.addresses(name));
        }
        return new Reachable(search.hosts.stream().limit(MAX_ADDRESSES).toList(), search.failure, search.forbidden);
    }

    private static final class Search {

        private final AddressGuard guard;
        private final int port;
        private final List<Host> hosts = new ArrayList<>();
        private Optional<String> failure = Optional.empty();
        private boolean forbidden;
        private int questions;
        private int found;

        Search(AddressGuard guard, int port) {
            this.guard = guard;
            this.port = port;
        }

        boolean isOver() {
            return questions == MAX_QUESTIONS || found == MAX_HOSTS || hosts.size() >= MAX_ADDRESSES;
        }

        void take(String name, Answer<InetAddress> answer) {
            questions++;
            switch (answer) {
                case Answer.Found<InetAddress>(List<InetAddress> addresses) -> take(name, addresses);
                case Answer.Failed<InetAddress>(String reason) -> failure = Optional.of(name + ": " + reason);
                case Answer.NoData<InetAddress> _, Answer.NoSuchDomain<InetAddress> _ -> { }
            }
        }

        private void take(String name, List<InetAddress> addresses) {
            List<InetAddress> permitted = addresses.stream().filter(guard::permits).toList();
            forbidden |= permitted.size() < addresses.size();
            found += permitted.isEmpty() ? 0 : 1;
            permitted.forEach(address -> hosts.add(new Host(name, address, port)));
        }
    }
}
