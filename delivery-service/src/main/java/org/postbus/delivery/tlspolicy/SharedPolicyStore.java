package org.postbus.delivery.tlspolicy;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jboss.logging.Logger;

/**
 * Policies in PostgreSQL, which all instances share and which outlive them; what was read of them some minutes ago is not read
 * again. While PostgreSQL does not answer, what is in memory holds, and comes into PostgreSQL later. Blocks: for virtual threads.
 */
public final class SharedPolicyStore implements PolicyStore {

    /** How long a domain is not asked for again: what another instance fetched meanwhile is known so much later. */
    static final Duration REREAD = Duration.ofMinutes(5);
    /** The same, where PostgreSQL did not answer. */
    static final Duration RETRY = Duration.ofSeconds(30);

    private static final Logger LOG = Logger.getLogger(SharedPolicyStore.class);
    /** Domains in memory, the last that were asked for. */
    private static final int MAX_DOMAINS = 10_000;
    private static final String READ = "SELECT id, mode, mx, max_age, fetched_at FROM mta_sts_policy WHERE domain = ?";
    /** Of two instances that fetch at a time, or one that comes late, the newer word stands. */
    private static final String WRITE = """
            INSERT INTO mta_sts_policy AS known (domain, id, mode, mx, max_age, fetched_at, expires_at)
            VALUES (?, ?, ?, ?, ?, ?::timestamptz, ?::timestamptz)
            ON CONFLICT (domain) DO UPDATE SET id = excluded.id, mode = excluded.mode, mx = excluded.mx, max_age = excluded.max_age,
                fetched_at = excluded.fetched_at, expires_at = excluded.expires_at
            WHERE known.fetched_at <= excluded.fetched_at""";
    private static final String SWEEP = "DELETE FROM mta_sts_policy WHERE expires_at < ?::timestamptz";

    private final DataSource dataSource;
    private final InstantSource clock;
    private final Recent<Known> memory = new Recent<>(MAX_DOMAINS);

    /** @param until PostgreSQL is not asked */
    private record Known(Optional<Stored> policy, Instant until) {
    }

    public SharedPolicyStore(DataSource dataSource, InstantSource clock) {
        this.dataSource = dataSource;
        this.clock = clock;
    }

    @Override
    public Optional<Stored> find(String domain) throws UnreadableException {
        Optional<Known> known = memory.find(domain).filter(one -> clock.instant().isBefore(one.until()));
        return known.isPresent() ? known.get().policy() : reread(domain);
    }

    private Optional<Stored> reread(String domain) throws UnreadableException {
        try (Connection connection = dataSource.getConnection()) {
            Optional<Stored> read = read(connection, domain);
            Optional<Stored> newest = remember(domain, read, REREAD);
            if (!newest.equals(read) && clock.instant().isBefore(newest.orElseThrow().expires())) {
                // It did not get there in time, or a backup did not have it yet.
                write(connection, domain, newest.get());
            }
            return newest;
        } catch (SQLException e) {
            LOG.warnf("the MTA-STS policy of %s cannot be read just now: %s", domain, e.getMessage());
            return remember(domain, memory.find(domain).orElseThrow(() -> new UnreadableException(e)).policy(), RETRY);
        }
    }

    @Override
    public void put(String domain, Stored stored) {
        Stored kept = new Stored(stored.id(), stored.policy(), stored.fetched().truncatedTo(ChronoUnit.MICROS));
        remember(domain, Optional.of(kept), RETRY);
        try (Connection connection = dataSource.getConnection()) {
            write(connection, domain, kept);
            sweep(connection);
        } catch (SQLException e) {
            LOG.warnf("the MTA-STS policy of %s is not kept yet: %s", domain, e.getMessage());
        }
    }

    /** What is in memory by now stays if it is newer. @return the newest */
    private synchronized Optional<Stored> remember(String domain, Optional<Stored> policy, Duration time) {
        Optional<Stored> newest = Stream.concat(memory.find(domain).flatMap(Known::policy).stream(), policy.stream())
                .max(Comparator.comparing(Stored::fetched));
        memory.put(domain, new Known(newest, clock.instant().plus(time)));
        return newest;
    }

    private static Optional<Stored> read(Connection connection, String domain) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(READ)) {
            statement.setString(1, domain);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? Optional.of(stored(row)) : Optional.empty();
            }
        }
    }

    private static Stored stored(ResultSet row) throws SQLException {
        Array mx = row.getArray("mx");
        return new Stored(row.getString("id"), new StsPolicy(StsPolicy.Mode.valueOf(row.getString("mode").toUpperCase(Locale.ROOT)),
                List.of((String[]) mx.getArray()), Duration.ofSeconds(row.getLong("max_age"))),
                row.getObject("fetched_at", OffsetDateTime.class).toInstant());
    }

    private static void write(Connection connection, String domain, Stored stored) throws SQLException {
        StsPolicy policy = stored.policy();
        try (PreparedStatement statement = connection.prepareStatement(WRITE)) {
            statement.setString(1, domain);
            statement.setString(2, stored.id());
            statement.setString(3, policy.mode().name().toLowerCase(Locale.ROOT));
            statement.setArray(4, connection.createArrayOf("text", policy.mx().toArray()));
            statement.setLong(5, policy.maxAge().toSeconds());
            statement.setString(6, stored.fetched().toString());
            statement.setString(7, stored.expires().toString());
            statement.executeUpdate();
        }
    }

    /** New ones are rare, and what has ended meanwhile is not much. */
    private void sweep(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(SWEEP)) {
            statement.setString(1, clock.instant().toString());
            statement.executeUpdate();
        }
    }
}
