package org.postbus.delivery.dkim;

import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * What signs for each domain, read again after ten seconds, so that signing asks nothing of the database. Domains without keys are
 * remembered too. Safe for all threads.
 */
final class ActiveKeys {

    /** How long an instance goes on by what it read, while another one changed it. */
    static final Duration KEPT = Duration.ofSeconds(10);

    /** Domains; the one that was longest not asked for is forgotten first. */
    static final int AT_MOST = 10_000;

    private final Source source;
    private final LongSupplier nanoTime;
    private final Map<String, Read> domains = new LinkedHashMap<>(16, 0.75f, true) {

        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Read> eldest) {
            return size() > AT_MOST;
        }
    };

    /** Where they are read. */
    @FunctionalInterface
    interface Source {
        List<DkimKey> keys(String domain) throws SQLException;
    }

    private record Read(List<DkimKey> keys, long at) {
    }

    /** @param nanoTime a clock that only goes forward */
    ActiveKeys(Source source, LongSupplier nanoTime) {
        this.source = source;
        this.nanoTime = nanoTime;
    }

    /** @throws SQLException the database does not answer; whoever sends tries again later, for what left unsigned stays so */
    List<DkimKey> of(String domain) throws SQLException {
        long now = nanoTime.getAsLong();
        Read known;
        synchronized (domains) {
            known = domains.get(domain);
        }
        if (known != null && now - known.at() < KEPT.toNanos()) {
            return known.keys();
        }
        List<DkimKey> keys = List.copyOf(source.keys(domain));
        synchronized (domains) {
            domains.put(domain, new Read(keys, now));
        }
        return keys;
    }

    /** After a change. */
    void forget(String domain) {
        synchronized (domains) {
            domains.remove(domain);
        }
    }
}
