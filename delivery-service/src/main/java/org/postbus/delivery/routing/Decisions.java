package org.postbus.delivery.routing;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.postbus.events.ContractViolation;
import org.postbus.events.EventJson;

/**
 * Decisions about mails that go two ways, into maildrops and elsewhere: kept before any of it is sent. Of {@code mail.routed} the
 * first decision stands, of the queue the one that is committed; were a batch repeated after its sends, with a directory that
 * has changed meanwhile, a recipient could fall between the two. Used by one thread.
 */
final class Decisions {

    private static final String KEEP = "INSERT INTO decision (mail_id, routing) VALUES (?, ?)";
    private static final String FIND = "SELECT mail_id, routing FROM decision WHERE mail_id = ANY (?)";
    private static final String FORGET = "DELETE FROM decision WHERE mail_id = ANY (?) OR kept_at < now() - interval '30 days'";

    private final DataSource dataSource;
    private final Map<UUID, Routing> kept = new HashMap<>();

    Decisions(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** What a batch that is repeated has decided before. */
    void begin(Connection connection, List<UUID> mailIds) throws SQLException, ContractViolation {
        kept.clear();
        try (PreparedStatement statement = connection.prepareStatement(FIND)) {
            statement.setArray(1, connection.createArrayOf("uuid", mailIds.toArray()));
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    kept.put(row.getObject(1, UUID.class), EventJson.read(row.getBytes(2), Routing.class));
                }
            }
        }
    }

    Optional<Routing> of(UUID mailId) {
        return Optional.ofNullable(kept.get(mailId));
    }

    /** In a transaction of its own, which outlives the batch's. */
    void keep(UUID mailId, Routing routing) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(KEEP)) {
            statement.setObject(1, mailId);
            statement.setBytes(2, EventJson.write(routing));
            statement.executeUpdate();
        }
        kept.put(mailId, routing);
    }

    /** They stand in the transaction of the batch, which is not repeated once it is committed. */
    void forget(Connection connection) throws SQLException {
        if (!kept.isEmpty()) {
            try (PreparedStatement statement = connection.prepareStatement(FORGET)) {
                statement.setArray(1, connection.createArrayOf("uuid", new ArrayList<>(kept.keySet()).toArray()));
                statement.executeUpdate();
            }
        }
    }
}
