package org.postbus.mailbox.credential;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.stream.Stream;
import org.postbus.mailbox.database.Database;

/**
 * Counts wrong passwords, for all gateways and replicas together, by the name that was tried and by the client that tried,
 * and says when it is enough. A window begins with its first failure. Names that nobody has count like others.
 */
public final class FailedLogins {

    private static final String ENOUGH = """
            select exists (select from failed_login
             where (subject = ? and failures >= ? or subject = ? and failures >= ?) and since > now() - ? * interval '1 second')""";
    private static final String COUNT = """
            insert into failed_login (subject, failures, since) values (?, 1, now())
            on conflict (subject) do update set
               failures = case when failed_login.since > now() - ? * interval '1 second' then failed_login.failures + 1 else 1 end,
               since = case when failed_login.since > now() - ? * interval '1 second' then failed_login.since else now() end""";

    private final Database database;
    private final int perAccount;
    private final int perClient;
    private final Duration window;

    /**
     * @param perAccount failures in a window after which no password is judged any more; 0 for no limit
     * @param perClient  the same for an IPv4 address or IPv6 /64
     */
    public FailedLogins(Database database, int perAccount, int perClient, Duration window) {
        this.database = database;
        this.perAccount = perAccount;
        this.perClient = perClient;
        this.window = window;
    }

    /** Who tried what; {@code account} is empty for a name that is no address. */
    record Attempt(Optional<String> account, String client) {

        private String accountSubject() {
            return "account " + account.orElse("");
        }

        private String clientSubject() {
            return "client " + source(client);
        }
    }

    /** Whether to judge no more passwords of this attempt's account, or from its client, for the rest of the window. */
    boolean areEnough(Attempt attempt) {
        if (perAccount == 0 && perClient == 0) {
            return false;
        }
        return database.query(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(ENOUGH)) {
                statement.setString(1, attempt.accountSubject());
                statement.setInt(2, limit(perAccount));
                statement.setString(3, attempt.clientSubject());
                statement.setInt(4, limit(perClient));
                statement.setLong(5, window.toSeconds());
                try (ResultSet row = statement.executeQuery()) {
                    return row.next() && row.getBoolean(1);
                }
            }
        });
    }

    void count(Attempt attempt) {
        Stream<String> account = perAccount == 0 || attempt.account.isEmpty() ? Stream.empty() : Stream.of(attempt.accountSubject());
        Stream<String> client = perClient == 0 ? Stream.empty() : Stream.of(attempt.clientSubject());
        Stream.concat(account, client).forEach(subject ->
                database.relaxedUpdate(COUNT, subject, window.toSeconds(), window.toSeconds()));
    }

    private static int limit(int failures) {
        return failures == 0 ? Integer.MAX_VALUE : failures;
    }

    /** A host with IPv6 usually owns its whole /64 (RFC 6177). */
    private static String source(String client) {
        try {
            return InetAddress.ofLiteral(client) instanceof Inet6Address address
                    ? HexFormat.of().toHexDigits(ByteBuffer.wrap(address.getAddress()).getLong()) : client;
        } catch (IllegalArgumentException e) {
            return client;
        }
    }
}
