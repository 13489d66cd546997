package org.postbus.mailbox.trail;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** The statement of a search; all that the client said is in the parameters. */
final class SearchSql {

    private static final String COLUMNS = "select m.mail_id, m.reverse_path, m.first_at from ";

    private final List<Object> parameters = new ArrayList<>();
    private final String text;

    SearchSql(MailQuery query, int limit) {
        text = query.recipient().isEmpty() ? byMail(query, limit)
                : "(" + byRecipient(query, limit, "r.recipient = ?") + ") union ("
                        + byRecipient(query, limit, "r.final_recipient = ? and r.final_recipient <> r.recipient")
                        + ") order by mail_id desc limit " + limit;
    }

    String text() {
        return text;
    }

    /** In the order of the question marks. */
    List<Object> parameters() {
        return parameters;
    }

    private String byMail(MailQuery query, int limit) {
        StringBuilder sql = new StringBuilder(COLUMNS).append("trail_mail m where true");
        conditions(query, sql, "m.mail_id");
        if (query.step().isPresent() || query.status().isPresent()) {
            sql.append(" and exists (select from trail_recipient r where r.mail_id = m.mail_id");
            outcome(query, sql);
            sql.append(")");
        }
        return sql.append(" order by m.mail_id desc limit ").append(limit).toString();
    }

    private String byRecipient(MailQuery query, int limit, String recipient) {
        StringBuilder sql = new StringBuilder(COLUMNS)
                .append("trail_recipient r join trail_mail m on m.mail_id = r.mail_id where ").append(recipient);
        parameters.add(query.recipient().orElseThrow());
        conditions(query, sql, "r.mail_id");
        outcome(query, sql);
        return sql.append(" order by r.mail_id desc limit ").append(limit).toString();
    }

    private void conditions(MailQuery query, StringBuilder sql, String mailId) {
        query.reversePath().ifPresent(path -> add(sql, " and m.reverse_path = ?", path));
        query.since().ifPresent(since -> add(sql, " and " + mailId + " >= ?", firstId(since)));
        query.until().ifPresent(until -> add(sql, " and " + mailId + " < ?", firstId(until)));
        query.after().ifPresent(after -> add(sql, " and " + mailId + " < ?", after));
    }

    private void outcome(MailQuery query, StringBuilder sql) {
        query.step().ifPresent(step -> add(sql, " and r.step = ?", step));
        query.status().ifPresent(status -> add(sql, " and r.status = ?", status));
    }

    private void add(StringBuilder sql, String condition, Object parameter) {
        sql.append(condition);
        parameters.add(parameter);
    }

    /** What no mail id of that moment or later is below (RFC 9562 section 5.7). */
    private static UUID firstId(Instant at) {
        return new UUID(Math.clamp(at.toEpochMilli(), 0, (1L << 48) - 1) << 16, 0);
    }
}
