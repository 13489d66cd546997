package org.postbus.mailbox.trail;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.postbus.mailbox.database.Database;
import org.postbus.mailbox.database.SqlArrays;

/**
 * Finds mails, the newest first. Mail ids are UUIDs of version 7: their order is the order of time, so the search by
 * time, the order and the cursor are one index.
 */
public final class MailSearch {

    /** Recipients of a mail that a listing shows; the mail's own trail has all. */
    static final int RECIPIENTS_SHOWN = 20;

    private static final String RECIPIENTS = """
            select mail_id, recipient, final_recipient, step, status, at
              from unnest(?) as mail(m) cross join lateral (
                   select * from trail_recipient where mail_id = m order by recipient limit %d) as shown
            """.formatted(RECIPIENTS_SHOWN);
    private static final String EVENTS = """
            select subject, id, at, service, step, session_id, client, account_id, octets, recipients, detail
              from trail_event where subject = ? order by at, id limit 1000""";

    private final Database database;

    public MailSearch(Database database) {
        this.database = database;
    }

    /** Up to so many mails. */
    List<MailView> find(MailQuery query, int limit) {
        return database.query(connection -> {
            Map<UUID, MailView> mails = mails(connection, query, limit);
            addRecipients(connection, mails);
            return List.copyOf(mails.values());
        });
    }

    /** The steps of a mail in order of time, a thousand at most; none if nothing is known of it. */
    List<TrailView> trail(UUID mailId) {
        return database.query(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(EVENTS)) {
                statement.setObject(1, mailId);
                try (ResultSet row = statement.executeQuery()) {
                    List<TrailView> events = new ArrayList<>();
                    while (row.next()) {
                        events.add(event(row));
                    }
                    return events;
                }
            }
        });
    }

    /** Where a recipient is asked for, its two indexes are walked from the newest mail, else the mails are. */
    private static Map<UUID, MailView> mails(Connection connection, MailQuery query, int limit) throws SQLException {
        SearchSql sql = new SearchSql(query, limit);
        try (PreparedStatement statement = connection.prepareStatement(sql.text())) {
            for (int i = 0; i < sql.parameters().size(); i++) {
                statement.setObject(i + 1, sql.parameters().get(i));
            }
            try (ResultSet row = statement.executeQuery()) {
                Map<UUID, MailView> mails = new LinkedHashMap<>();
                while (row.next()) {
                    UUID mailId = row.getObject("mail_id", UUID.class);
                    mails.put(mailId, new MailView(mailId, row.getString("reverse_path"), instant(row, "first_at"),
                            new ArrayList<>()));
                }
                return mails;
            }
        }
    }

    private static void addRecipients(Connection connection, Map<UUID, MailView> mails) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(RECIPIENTS)) {
            statement.setArray(1, SqlArrays.uuids(connection, mails.keySet()));
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    mails.get(row.getObject("mail_id", UUID.class)).recipients().add(new MailView.Recipient(
                            row.getString("recipient"), row.getString("final_recipient"), row.getString("step"),
                            row.getString("status"), instant(row, "at")));
                }
            }
        }
    }

    private static TrailView event(ResultSet row) throws SQLException {
        return new TrailView(row.getObject("id", UUID.class), instant(row, "at"), row.getString("service"),
                row.getString("step"), Optional.of(row.getObject("subject", UUID.class)),
                Optional.ofNullable(row.getObject("session_id", UUID.class)), row.getString("client"),
                Optional.ofNullable(row.getObject("account_id", UUID.class)), row.getLong("octets"),
                RecipientJson.read(row.getString("recipients")), row.getString("detail"));
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }
}
