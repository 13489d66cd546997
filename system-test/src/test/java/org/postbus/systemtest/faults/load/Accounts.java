package org.postbus.systemtest.faults.load;

import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.postbus.systemtest.AdminApi;

/** The accounts of a run: some that take mail, and one that is always full. */
public final class Accounts {

    /** Mail to it ends in a notification to its reverse-path. */
    public static final String FULL = "full@faults.test";
    public static final String PASSWORD = "secret of all";
    private static final String DOMAIN = "faults.test";

    private final List<String> addresses;

    private Accounts(List<String> addresses) {
        this.addresses = new CopyOnWriteArrayList<>(addresses);
    }

    public static Accounts make(AdminApi admin, int count) {
        admin.domain(DOMAIN);
        List<String> addresses = IntStream.range(0, count).mapToObj(n -> "account" + n + "@" + DOMAIN).toList();
        addresses.parallelStream().forEach(address -> admin.account(address, PASSWORD));
        admin.account(FULL, PASSWORD, OptionalLong.of(1));
        return new Accounts(addresses);
    }

    /** Makes one more, to which mail goes from now on. */
    public void add(AdminApi admin, String address) {
        admin.account(address, PASSWORD);
        addresses.add(address);
    }

    /** No more mail goes to it, and nobody looks at its maildrop. */
    public void forget(String address) {
        addresses.remove(address);
    }

    /** Those that take mail. */
    public List<String> addresses() {
        return addresses;
    }

    String any(RandomGenerator random) {
        return addresses.get(random.nextInt(addresses.size()));
    }
}
