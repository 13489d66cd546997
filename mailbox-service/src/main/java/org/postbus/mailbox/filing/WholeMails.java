package org.postbus.mailbox.filing;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.postbus.events.ContractViolation;
import org.postbus.events.MailRecord;
import org.postbus.events.RoutedEnvelope;
import org.postbus.mailbox.content.Contents;

/** Mails in one record. */
final class WholeMails {

    private WholeMails() {
    }

    /** Decides those that were not decided before. */
    static List<Decision> decide(Connection connection, Collection<MailRecord.Whole<RoutedEnvelope>> records)
            throws ContractViolation, SQLException {
        if (records.isEmpty()) {
            return List.of();
        }
        Map<UUID, Decision> mails = new LinkedHashMap<>();
        for (MailRecord.Whole<RoutedEnvelope> whole : records) {
            if (!mails.containsKey(whole.mailId())) {
                RoutedEnvelope envelope = whole.envelope();
                mails.put(whole.mailId(), new Decision(envelope, StoredForm.whole(envelope.accepted(), whole.data())));
            }
        }
        Set<UUID> decided = Contents.decide(connection, mails.values().stream().map(Decision::mail).toList());
        return mails.values().stream().filter(mail -> decided.contains(mail.mailId())).toList();
    }
}
