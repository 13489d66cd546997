package org.postbus.mailbox.imports;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.postbus.events.FactCodec;
import org.postbus.events.MailIds;
import org.postbus.events.TrailEvent;
import org.postbus.events.TrailStep;
import org.postbus.mailbox.content.Contents;
import org.postbus.mailbox.content.StoredMail;
import org.postbus.mailbox.database.Database;
import org.postbus.mailbox.filing.AccountLedger;
import org.postbus.mailbox.filing.Entry;
import org.postbus.rest.ProblemType;

/**
 * Files imported mail in one account. The account is locked first, then all else is judged: another import into it waits, and
 * so does live mail for it, for one batch. The ids of the mails are new, so nobody else can wait for their rows.
 */
final class ImportFiling {

    private static final String SERVICE = "mailbox-service";

    private final Database database;
    private final TrailOutbox outbox;
    private final UUID accountId;
    private final String address;

    /** Sends a record if, and only if, the transaction commits. */
    @FunctionalInterface
    interface TrailOutbox {

        void add(Connection connection, ProducerRecord<byte[], byte[]> record) throws SQLException;
    }

    ImportFiling(Database database, TrailOutbox outbox, UUID accountId, String address) {
        this.database = database;
        this.outbox = outbox;
        this.accountId = accountId;
        this.address = address;
    }

    Database database() {
        return database;
    }

    UUID accountId() {
        return accountId;
    }

    /** Files mails of one chunk each, in a transaction of their own; a verdict on each. */
    List<Verdict> file(List<NewMail> mails) {
        return database.transaction(connection -> file(connection, mails));
    }

    /**
     * Files mails within a transaction; chunks of those that bear no data are written there already, and may be taken back where
     * their mail is not imported.
     */
    List<Verdict> file(Connection connection, List<NewMail> mails) throws SQLException {
        AccountLedger ledger = AccountLedger.lock(connection, List.of(accountId));
        if (!ledger.has(accountId)) {
            throw ProblemType.NOT_FOUND.because("the account was deleted during the import");
        }
        Map<Digest, UUID> known = ImportedMails.known(connection, accountId, mails.stream().map(NewMail::digest).toList());
        List<Verdict> verdicts = new ArrayList<>();
        List<NewMail> kept = new ArrayList<>();
        for (NewMail mail : mails) {
            Verdict verdict = judge(ledger, known, mail);
            verdicts.add(verdict);
            if (verdict.status() == Verdict.Status.IMPORTED) {
                known.put(mail.digest(), mail.mailId());
                ledger.file(accountId, mail.mail().octets());
                kept.add(mail);
            }
        }
        if (!kept.isEmpty()) {
            write(connection, kept);
            ledger.save(connection);
        }
        return verdicts;
    }

    private Verdict judge(AccountLedger ledger, Map<Digest, UUID> known, NewMail mail) {
        long octets = mail.mail().octets();
        UUID before = known.get(mail.digest());
        if (before != null) {
            return Verdict.duplicate(before, octets);
        }
        return ledger.hasRoom(accountId, octets) ? Verdict.imported(mail.mailId(), octets)
                : Verdict.refused(Reason.OVER_QUOTA, octets);
    }

    private void write(Connection connection, List<NewMail> kept) throws SQLException {
        List<StoredMail> mails = kept.stream().map(NewMail::mail).toList();
        Contents.decide(connection, mails);
        List<StoredMail> unwritten = mails.stream().filter(mail -> mail.data().isPresent()).toList();
        if (!unwritten.isEmpty()) {
            Contents.write(connection, unwritten);
        }
        Entry.write(connection, mails.stream().map(mail -> new Entry(accountId, mail.mailId(), mail.octets())).toList());
        ImportedMails.add(connection, accountId, kept);
        // The partition is the outbox's to choose.
        outbox.add(connection, FactCodec.MAIL_TRAIL.encode(step(mails.stream().map(StoredMail::mailId).toList()), SERVICE, 1));
    }

    /** One event for all mails of a transaction: a hundred thousand events would be no help to anybody. */
    private TrailEvent step(List<UUID> mails) {
        var recipient = new TrailEvent.Recipient(address, address, "2.0.0", "");
        return new TrailEvent(MailIds.mint(), Instant.now(), SERVICE, TrailStep.DELIVERED, Optional.empty(), Optional.empty(), "",
                Optional.empty(), List.of(recipient), mails, Optional.of(accountId), 0, "imported");
    }
}
