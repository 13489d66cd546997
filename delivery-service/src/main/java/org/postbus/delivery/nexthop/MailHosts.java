package org.postbus.delivery.nexthop;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.postbus.delivery.dns.Mx;

/** The mail hosts of a domain that may be tried, by preference and then by name. */
record MailHosts(List<Mx> sorted) {

    private static final Comparator<Mx> PREFERENCE = Comparator.comparingInt(Mx::preference);

    /** Without ourselves and whoever is no nearer to the goal than we are: mail would go in circles (RFC 5321, section 5.1). */
    static MailHosts of(List<Mx> listed, String hostname) {
        OptionalInt ours = listed.stream().filter(mx -> mx.host().equals(hostname)).mapToInt(Mx::preference).min();
        return new MailHosts(listed.stream().filter(mx -> !mx.isNull() && mx.preference() < ours.orElse(Integer.MAX_VALUE))
                .sorted(PREFERENCE.thenComparing(Mx::host)).toList());
    }

    boolean isEmpty() {
        return sorted.isEmpty();
    }

    MailHosts only(Predicate<String> names) {
        return new MailHosts(sorted.stream().filter(mx -> names.test(mx.host())).toList());
    }

    List<String> names() {
        return sorted.stream().map(Mx::host).toList();
    }

    /** In the order to try them; a host that is listed twice is tried once. */
    List<String> shuffled(RandomGenerator random) {
        List<Mx> shuffled = new ArrayList<>(sorted);
        Collections.shuffle(shuffled, random);
        return shuffled.stream().sorted(PREFERENCE).map(Mx::host).distinct().toList();
    }
}
