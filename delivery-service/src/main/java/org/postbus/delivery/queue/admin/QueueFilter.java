package org.postbus.delivery.queue.admin;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Which recipients are meant: those that everything given fits. All that a client said is in parameters, never in the SQL.
 *
 * @param recipient   the original or the final one, in lower case
 * @param reversePath in lower case; empty string for the null reverse-path
 * @param status      of the last attempt; empty string for those before the first
 * @param reply       is part of the last reply, in lower case
 */
record QueueFilter(Optional<UUID> mailId, Optional<String> destination, Optional<String> recipient, Optional<String> reversePath,
        Optional<String> status, Optional<String> reply, Optional<QueueState> state, Optional<Instant> queuedBefore) {

    /** Conditions for {@code recipient r}, each of which begins with {@code AND}. */
    record Sql(String conditions, List<Object> parameters) {
    }

    static QueueFilter mail(UUID mailId, Optional<String> recipient) {
        return new QueueFilter(Optional.of(mailId), Optional.empty(), recipient, Optional.empty(), Optional.empty(),
                Optional.empty(), Optional.empty(), Optional.empty());
    }

    boolean isEmpty() {
        return keyed().parameters().isEmpty() && others().parameters().isEmpty();
    }

    /** What an index finds. */
    Sql keyed() {
        List<Object> parameters = new ArrayList<>();
        StringBuilder sql = new StringBuilder();
        mailId.ifPresent(id -> add(sql, parameters, " AND r.mail_id = ?", id));
        destination.ifPresent(name -> add(sql, parameters, " AND r.destination <> '' AND r.destination = ?", name));
        return new Sql(sql.toString(), parameters);
    }

    /** What is found by looking at one recipient after the other. */
    Sql others() {
        List<Object> parameters = new ArrayList<>();
        StringBuilder sql = new StringBuilder();
        recipient.ifPresent(path -> add(sql, parameters, " AND ? IN (lower(r.final_recipient), lower(r.original_recipient))", path));
        reversePath.ifPresent(path -> add(sql, parameters, " AND lower(r.reverse_path) = ?", path));
        status.ifPresent(code -> add(sql, parameters, " AND r.status = ?", code));
        reply.ifPresent(part -> add(sql, parameters, " AND position(? in lower(r.diagnostic_code)) > 0", part));
        state.ifPresent(one -> add(sql, parameters, " AND " + QueueState.SQL + " = ?", one.word()));
        queuedBefore.ifPresent(time -> add(sql, parameters, " AND r.queued_at < ?::timestamptz", time.toString()));
        return new Sql(sql.toString(), parameters);
    }

    private static void add(StringBuilder sql, List<Object> parameters, String condition, Object parameter) {
        sql.append(condition);
        parameters.add(parameter);
    }
}
