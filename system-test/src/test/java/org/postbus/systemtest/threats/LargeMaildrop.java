package org.postbus.systemtest.threats;

import java.io.IOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.postbus.systemtest.RunningPlatform;

/** A maildrop of very many messages: rows as filing leaves them, but for the octets of the messages. */
final class LargeMaildrop {

    private static final String CONTENTS = """
            insert into mailbox.content (mail_id, state, octets, chunks, header_from, header_subject, header_date)
            select gen_random_uuid(), 'filed', 1000 + n, 1, ?, '', '' from generate_series(1, ?) as n""";
    private static final String ENTRIES = """
            insert into mailbox.entry (account_id, mail_id, seq, octets)
            select account.id, mail_id, nextval('mailbox.filing_seq'), octets from mailbox.content, mailbox.account
             where header_from = ? and address = ?""";

    private LargeMaildrop() {}

    static MaildropReader make(RunningPlatform platform, String address, int messages) throws IOException, SQLException {
        MaildropReader owner = new MaildropReader(platform, address);
        String url = "jdbc:postgresql://127.0.0.1:" + platform.postgresPort() + "/postbus";
        String password = Files.readString(platform.data().resolve("postgres/password"));
        try (Connection postgres = DriverManager.getConnection(url, "postgres", password);
                PreparedStatement contents = postgres.prepareStatement(CONTENTS);
                PreparedStatement entries = postgres.prepareStatement(ENTRIES)) {
            contents.setString(1, address);
            contents.setInt(2, messages);
            contents.executeUpdate();
            entries.setString(1, address);
            entries.setString(2, address);
            entries.executeUpdate();
        }
        return owner;
    }
}
