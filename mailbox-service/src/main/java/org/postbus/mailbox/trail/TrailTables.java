package org.postbus.mailbox.trail;

import static org.postbus.mailbox.database.SqlArrays.instants;
import static org.postbus.mailbox.database.SqlArrays.integers;
import static org.postbus.mailbox.database.SqlArrays.longs;
import static org.postbus.mailbox.database.SqlArrays.texts;
import static org.postbus.mailbox.database.SqlArrays.uuids;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.function.Function;
import org.postbus.events.TrailEvent;

/** Writes the trail's tables. Writing an event again changes nothing. */
final class TrailTables {

    private static final String EVENTS = """
            insert into trail_event (subject, id, at, service, step, session_id, client, account_id, octets, detail, recipients)
            select * from unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?::json[])
            on conflict do nothing""";
    private static final String MAILS = """
            insert into trail_mail (mail_id, reverse_path, first_at)
            select m, min(r), min(t) from unnest(?, ?, ?) as mail(m, r, t) group by m order by m
            on conflict (mail_id) do update set first_at = excluded.first_at where trail_mail.first_at > excluded.first_at""";
    private static final String RECIPIENTS = """
            insert into trail_recipient (mail_id, recipient, final_recipient, step, rank, status, at)
            select * from unnest(?, ?, ?, ?, ?, ?, ?)
            on conflict (mail_id, recipient) do update
               set final_recipient = excluded.final_recipient, step = excluded.step, rank = excluded.rank,
                   status = excluded.status, at = excluded.at
             where (trail_recipient.rank, trail_recipient.at) < (excluded.rank, excluded.at)""";

    private TrailTables() {
    }

    private record Row(UUID subject, TrailEvent event) {
    }

    /** A row for the mail or session that the event is of, and one for each mail that it is about. */
    static void addEvents(Connection connection, List<TrailEvent> events) throws SQLException {
        List<Row> rows = new ArrayList<>();
        for (TrailEvent event : events) {
            rows.add(new Row(event.mailId().or(event::sessionId).orElse(event.id()), event));
            event.mails().stream().distinct().forEach(mailId -> rows.add(new Row(mailId, event)));
        }
        try (PreparedStatement statement = connection.prepareStatement(EVENTS)) {
            statement.setArray(1, uuids(connection, of(rows, Row::subject)));
            statement.setArray(2, uuids(connection, of(rows, row -> row.event.id())));
            statement.setArray(3, instants(connection, of(rows, row -> row.event.at())));
            statement.setArray(4, texts(connection, of(rows, row -> TrailText.of(row.event.service()))));
            statement.setArray(5, texts(connection, of(rows, row -> row.event.step().name().toLowerCase(Locale.ROOT))));
            statement.setArray(6, uuids(connection, of(rows, row -> row.event.sessionId().orElse(null))));
            statement.setArray(7, texts(connection, of(rows, row -> TrailText.of(row.event.client()))));
            statement.setArray(8, uuids(connection, of(rows, row -> row.event.account().orElse(null))));
            statement.setArray(9, longs(connection, of(rows, row -> row.event.octets())));
            statement.setArray(10, texts(connection, of(rows, row -> TrailText.of(row.event.detail()))));
            statement.setArray(11, texts(connection, of(rows, row -> RecipientJson.write(row.event.recipients()))));
            statement.executeUpdate();
        }
    }

    static void addMails(Connection connection, List<TrailEvent> events) throws SQLException {
        List<TrailEvent> mails = events.stream()
                .filter(event -> event.mailId().isPresent() && event.reversePath().isPresent()).toList();
        if (mails.isEmpty()) {
            return;
        }
        try (PreparedStatement statement = connection.prepareStatement(MAILS)) {
            statement.setArray(1, uuids(connection, of(mails, mail -> mail.mailId().orElseThrow())));
            statement.setArray(2, texts(connection, of(mails, mail -> TrailText.address(mail.reversePath().orElseThrow()))));
            statement.setArray(3, instants(connection, of(mails, TrailEvent::at)));
            statement.executeUpdate();
        }
    }

    static void addRecipients(Connection connection, List<LastWord> words) throws SQLException {
        if (words.isEmpty()) {
            return;
        }
        try (PreparedStatement statement = connection.prepareStatement(RECIPIENTS)) {
            statement.setArray(1, uuids(connection, of(words, LastWord::mailId)));
            statement.setArray(2, texts(connection, of(words, LastWord::recipient)));
            statement.setArray(3, texts(connection, of(words, LastWord::finalRecipient)));
            statement.setArray(4, texts(connection, of(words, LastWord::stepName)));
            statement.setArray(5, integers(connection, of(words, word -> (int) word.rank())));
            statement.setArray(6, texts(connection, of(words, LastWord::status)));
            statement.setArray(7, instants(connection, of(words, LastWord::at)));
            statement.executeUpdate();
        }
    }

    /** Unlike a stream's list it may hold null, which is SQL's null. */
    private static <R, T> List<T> of(List<R> rows, Function<R, T> column) {
        List<T> values = new ArrayList<>(rows.size());
        rows.forEach(row -> values.add(column.apply(row)));
        return values;
    }
}
