package org.postbus.mailbox.filing;

import static org.postbus.mailbox.database.SqlArrays.uuids;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.postbus.events.FailedRecipient;
import org.postbus.events.RoutedEnvelope.LocalDelivery;
import org.postbus.mailbox.content.Contents;
import org.postbus.mailbox.content.StoredMail;
import org.postbus.mailbox.directory.DirectoryLife;

/** Judges the deliveries of decided mails and files those that hold. */
final class Deliveries {

    private static final String TOMBSTONES = """
            select account_id, mail_id from tombstone
              join unnest(?, ?) as delivery(a, m) on account_id = a and mail_id = m""";

    private final AccountLedger ledger;
    private final Set<Key> tombstones;
    private final List<Entry> filed = new ArrayList<>();

    private record Key(UUID accountId, UUID mailId) {
    }

    private Deliveries(AccountLedger ledger, Set<Key> tombstones) {
        this.ledger = ledger;
        this.tombstones = tombstones;
    }

    /** Files the mails: octets, entries and the sums of the maildrops. */
    static List<Outcome> file(Connection connection, List<Decision> decisions) throws SQLException {
        List<Key> wanted = decisions.stream().flatMap(decision -> decision.envelope().deliveries().stream()
                .map(delivery -> new Key(delivery.accountId(), decision.mailId()))).toList();
        Deliveries deliveries = new Deliveries(accounts(connection, wanted), tombstones(connection, wanted));
        List<Outcome> outcomes = decisions.stream().map(deliveries::judge).toList();
        deliveries.write(connection, outcomes);
        return outcomes;
    }

    private static AccountLedger accounts(Connection connection, List<Key> wanted) throws SQLException {
        Set<UUID> ids = wanted.stream().map(Key::accountId).collect(Collectors.toSet());
        AccountLedger ledger = AccountLedger.lock(connection, ids);
        if (ids.stream().allMatch(ledger::has)) {
            return ledger;
        }
        DirectoryLife.require(connection);
        // It may have come back between the two questions.
        return AccountLedger.lock(connection, ids);
    }

    private Outcome judge(Decision decision) {
        int before = filed.size();
        Set<UUID> seen = new HashSet<>();
        List<LocalDelivery> delivered = new ArrayList<>();
        List<FailedRecipient> failures = new ArrayList<>(decision.envelope().failures());
        for (LocalDelivery delivery : decision.envelope().deliveries()) {
            Key key = new Key(delivery.accountId(), decision.mailId());
            boolean needsRoom = seen.add(delivery.accountId()) && !tombstones.contains(key);
            long octets = needsRoom ? decision.mail().octets() : 0;
            Optional<FailedRecipient> refusal = ledger.refusal(delivery, octets);
            if (refusal.isPresent()) {
                failures.add(refusal.get());
                continue;
            }
            delivered.add(delivery);
            if (needsRoom) {
                filed.add(new Entry(key.accountId(), key.mailId(), octets));
                ledger.file(delivery.accountId(), octets);
            }
        }
        return new Outcome(decision, List.copyOf(delivered), List.copyOf(failures), filed.size() > before);
    }

    private void write(Connection connection, List<Outcome> outcomes) throws SQLException {
        List<StoredMail> kept = outcomes.stream().filter(Outcome::filed).map(outcome -> outcome.decision().mail())
                .filter(mail -> mail.data().isPresent()).toList();
        if (!kept.isEmpty()) {
            Contents.write(connection, kept);
        }
        List<UUID> nowhere = outcomes.stream().filter(outcome -> !outcome.filed()).map(Outcome::mailId).toList();
        if (!nowhere.isEmpty()) {
            Contents.dropOctets(connection, nowhere);
        }
        if (!filed.isEmpty()) {
            Entry.write(connection, filed);
            ledger.save(connection);
        }
    }

    private static Set<Key> tombstones(Connection connection, List<Key> wanted) throws SQLException {
        Set<Key> found = new HashSet<>();
        try (PreparedStatement statement = connection.prepareStatement(TOMBSTONES)) {
            statement.setArray(1, uuids(connection, wanted.stream().map(Key::accountId).toList()));
            statement.setArray(2, uuids(connection, wanted.stream().map(Key::mailId).toList()));
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    found.add(new Key(row.getObject(1, UUID.class), row.getObject(2, UUID.class)));
                }
            }
        }
        return found;
    }
}
