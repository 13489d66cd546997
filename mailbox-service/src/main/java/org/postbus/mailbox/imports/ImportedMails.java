package org.postbus.mailbox.imports;

import static org.postbus.mailbox.database.SqlArrays.octets;
import static org.postbus.mailbox.database.SqlArrays.uuids;

import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** What was imported into an account before. Asked and told while the account is locked, so that nobody is in between. */
final class ImportedMails {

    private static final String KNOWN = "select digest, mail_id from imported_mail where account_id = ? and digest = any(?)";
    private static final String ADD = "insert into imported_mail (account_id, digest, mail_id) select ?, * from unnest(?, ?)";

    private ImportedMails() {
    }

    /** Those of the digests that are known, with the mails that they were filed as. */
    static Map<Digest, UUID> known(Connection connection, UUID accountId, Collection<Digest> digests) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(KNOWN)) {
            statement.setObject(1, accountId);
            statement.setArray(2, octets(connection, digests.stream().map(Digest::octets).toList()));
            Map<Digest, UUID> known = new HashMap<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    known.put(new Digest(ByteBuffer.wrap(row.getBytes(1))), row.getObject(2, UUID.class));
                }
            }
            return known;
        }
    }

    static void add(Connection connection, UUID accountId, List<NewMail> mails) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(ADD)) {
            statement.setObject(1, accountId);
            statement.setArray(2, octets(connection, mails.stream().map(mail -> mail.digest().octets()).toList()));
            statement.setArray(3, uuids(connection, mails.stream().map(NewMail::mailId).toList()));
            statement.executeUpdate();
        }
    }
}
