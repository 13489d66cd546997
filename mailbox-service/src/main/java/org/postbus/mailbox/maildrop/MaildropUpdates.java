package org.postbus.mailbox.maildrop;

import static org.postbus.mailbox.database.SqlArrays.uuids;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jboss.logging.Logger;
import org.postbus.consumer.BatchHandler;
import org.postbus.consumer.EventProducer;
import org.postbus.events.ContractViolation;
import org.postbus.events.FactCodec;
import org.postbus.events.MaildropUpdated;
import org.postbus.events.Topics;
import org.postbus.mailbox.directory.DirectoryLife;

/** Applies deletions: entries go, tombstones stay, the session's lock is released, all in the batch's transaction. */
public final class MaildropUpdates implements BatchHandler {

    private static final Logger LOG = Logger.getLogger(MaildropUpdates.class);

    private static final String LOCK = "select id from account where id = any(?) order by id for no key update";
    private static final String FENCED = "select session_id from fenced_session where session_id = any(?)";
    private static final String DELETE = """
            with gone as (
                delete from entry using unnest(?, ?) as deleted(a, m) where account_id = a and mail_id = m
                returning account_id, mail_id, octets),
            counted as (
                update account set used_bytes = used_bytes - o, message_count = message_count - n
                  from (select account_id, sum(octets) as o, count(*) as n from gone group by account_id) as sums
                 where id = account_id)
            insert into sweep_due (mail_id, due_at)
            select distinct mail_id, now() + interval '1 hour' from gone order by mail_id
            on conflict (mail_id) do update set due_at = excluded.due_at""";
    private static final String REMEMBER = """
            insert into tombstone (account_id, mail_id) select distinct a, m from unnest(?, ?) as deleted(a, m)
            on conflict do nothing""";
    private static final String RELEASE = "delete from maildrop_lock where session_id = any(?)";

    private final EventProducer producer;

    public MaildropUpdates(EventProducer producer) {
        this.producer = producer;
    }

    @Override
    public void apply(Connection connection, List<ConsumerRecord<byte[], byte[]>> records)
            throws ContractViolation, SQLException {
        List<MaildropUpdated> updates = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            updates.add(FactCodec.MAILDROP_UPDATED.decode(record));
        }
        // The accounts first: a session that is being fenced at this moment is fenced before, or after, but not between.
        Set<UUID> named = updates.stream().map(MaildropUpdated::accountId).collect(Collectors.toSet());
        Set<UUID> accounts = accounts(connection, named);
        List<UUID> sessions = updates.stream().flatMap(update -> update.sessionId().stream()).toList();
        Set<UUID> fenced = sessions.isEmpty() ? Set.of() : select(connection, FENCED, sessions);
        List<MaildropUpdated> effective = updates.stream().filter(update -> accounts.contains(update.accountId()))
                .filter(update -> holds(update, fenced)).toList();
        delete(connection, effective);
        if (!sessions.isEmpty()) {
            update(connection, RELEASE, sessions);
        }
        tell(effective);
    }

    private static Set<UUID> accounts(Connection connection, Set<UUID> named) throws SQLException {
        Set<UUID> found = select(connection, LOCK, named);
        if (found.size() == named.size()) {
            return found;
        }
        DirectoryLife.require(connection);
        // One may have come back between the two questions.
        return select(connection, LOCK, named);
    }

    private static boolean holds(MaildropUpdated update, Set<UUID> fenced) {
        boolean late = update.sessionId().filter(fenced::contains).isPresent();
        if (late) {
            LOG.infof("session %s lost its maildrop before it ended: its %d deletions have no effect",
                    update.sessionId().orElseThrow(), update.deleted().size());
        }
        return !late;
    }

    private static void delete(Connection connection, List<MaildropUpdated> updates) throws SQLException {
        List<UUID> accounts = updates.stream()
                .flatMap(update -> update.deleted().stream().map(mail -> update.accountId())).toList();
        List<UUID> mails = updates.stream().flatMap(update -> update.deleted().stream()).toList();
        if (mails.isEmpty()) {
            return;
        }
        for (String sql : List.of(DELETE, REMEMBER)) {
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setArray(1, uuids(connection, accounts));
                statement.setArray(2, uuids(connection, mails));
                statement.executeUpdate();
            }
        }
    }

    /** Of POP3 sessions the gateway tells; of deletions that come from here, we. */
    private void tell(List<MaildropUpdated> updates) {
        List<MaildropUpdated> ours = updates.stream()
                .filter(update -> update.sessionId().isEmpty() && !update.deleted().isEmpty()).toList();
        if (!ours.isEmpty()) {
            int partitions = producer.partitions(Topics.MAIL_TRAIL);
            EventProducer.awaitAll(ours.stream().flatMap(update -> DeletionTrail.of(update, partitions).stream())
                    .map(producer::send).toList(), EventProducer.ACKNOWLEDGED_WITHIN);
        }
    }

    private static Set<UUID> select(Connection connection, String sql, Collection<UUID> ids) throws SQLException {
        Set<UUID> found = new HashSet<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setArray(1, uuids(connection, ids));
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    found.add(row.getObject(1, UUID.class));
                }
            }
        }
        return found;
    }

    private static void update(Connection connection, String sql, List<UUID> ids) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setArray(1, uuids(connection, ids));
            statement.executeUpdate();
        }
    }
}
