package org.postbus.delivery.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A queue that was empty when PostgreSQL looked, and is long now. */
class FinishedMailsTest {

    private static final String FILL = """
            insert into recipient (mail_id, n, original_recipient, final_recipient, reverse_path, destination, queued_at, expires_at,
                next_attempt_at)
            select md5((i / 1000)::text)::uuid, i, 'a@b.test', 'a@b.test', 'c@d.test', 'b.test', now(), now(), now()
            from generate_series(1, 20000) as i""";

    @ParameterizedTest
    @ValueSource(strings = {FinishedMails.REMOVE_WITH_OCTETS, FinishedMails.FINISH})
    void recipientsAreLookedUpWhateverTheStatisticsSay(String statement) throws Exception {
        try (QueueDatabase queue = new QueueDatabase()) {
            queue.execute(FILL);
            queue.execute("delete from recipient");
            queue.execute("vacuum (truncate false, analyze) recipient");
            assertEquals("0", queue.value("select reltuples::int from pg_class where relname = 'recipient'"));
            queue.execute(FILL);
            String plan = plan(queue, statement);
            assertTrue(plan.contains("recipient_pkey") && plan.contains("SubPlan"), plan);
            assertFalse(plan.contains("Seq Scan on recipient") || plan.contains("Join"), plan);
        }
    }

    private static String plan(QueueDatabase queue, String statement) throws Exception {
        StringBuilder plan = new StringBuilder();
        try (Connection connection = queue.dataSource().getConnection();
                PreparedStatement explain = connection.prepareStatement("EXPLAIN " + statement)) {
            explain.setArray(1, connection.createArrayOf("uuid", Stream.generate(UUID::randomUUID).limit(500).toArray()));
            try (ResultSet row = explain.executeQuery()) {
                while (row.next()) {
                    plan.append(row.getString(1)).append('\n');
                }
            }
        }
        return plan.toString();
    }
}
