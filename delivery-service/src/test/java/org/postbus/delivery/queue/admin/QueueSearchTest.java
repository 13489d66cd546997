package org.postbus.delivery.queue.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postbus.delivery.queue.Claims;
import org.postbus.delivery.queue.QueueDatabase;
import org.postbus.rest.ProblemException;
import org.postbus.rest.ProblemType;

/** What is found in the queue, and how far a search looks. */
class QueueSearchTest {

    private static final Instant NOW = Instant.parse("2026-11-28T12:00:00Z");

    private static QueueDatabase queue;

    @BeforeAll
    static void open() throws Exception {
        queue = new QueueDatabase();
    }

    @AfterAll
    static void close() {
        queue.close();
    }

    @BeforeEach
    void empty() throws Exception {
        queue.execute("TRUNCATE mail, chunk, recipient, outbox");
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            destination, ONE.example,           a@one.example b@one.example held@one.example
            destination, bücher.example,        u@xn--bcher-kva.example
            destination, example,               ''
            recipient,   B@One.Example,         b@one.example
            reversePath, <>,                    u@xn--bcher-kva.example
            reversePath, Ann@demo.test,         a@one.example b@one.example c@two.example
            status,      4.7.1,                 a@one.example b@one.example c@two.example
            status,      none,                  claimed@two.example held@one.example big@two.example u@xn--bcher-kva.example
            reply,       GREY,                  a@one.example b@one.example c@two.example
            reply,       %,                     ''
            state,       waiting,               a@one.example b@one.example c@two.example u@xn--bcher-kva.example
            state,       held,                  held@one.example
            state,       arriving,              big@two.example
            state,       attempting,            claimed@two.example
            queuedBefore, 2026-11-28T12:00:01Z, a@one.example b@one.example c@two.example
            """)
    void finds_what_the_filter_fits(String name, String value, String expected) throws Exception {
        some();
        List<String> found = find(filter(name, value), Optional.empty(), 100).items().stream().map(QueueItem::finalRecipient).toList();
        assertEquals(expected, String.join(" ", found));
    }

    @ParameterizedTest
    @CsvSource({"mailId, 17", "status, 4.7", "status, 3.0.0", "state, HELD", "queuedBefore, yesterday", "recipient, ''"})
    void refuses_what_is_no_filter(String name, String value) {
        ProblemException problem = assertThrows(ProblemException.class, () -> filter(name, value));
        assertEquals(ProblemType.BAD_PARAMETER, problem.problem().kind());
    }

    @Test
    void shows_what_the_last_attempt_told() throws Exception {
        some();
        QueueItem item = find(filter("recipient", "a@one.example"), Optional.empty(), 1).items().getFirst();
        assertEquals(Optional.of("4.7.1"), item.status());
        assertEquals(Optional.of("450 4.7.1 Greylisted"), item.diagnosticCode());
        assertEquals(1, item.attempts());
        assertEquals(Optional.of(NOW), item.lastAttemptAt());
        assertEquals(Optional.of(NOW.plusSeconds(300)), item.nextAttemptAt());
        assertEquals(NOW, item.queuedAt());
        assertEquals(Optional.empty(), find(filter("state", "held"), Optional.empty(), 1).items().getFirst().nextAttemptAt());
    }

    @Test
    void pages_hold_each_recipient_once() throws Exception {
        queue.enqueue(IntStream.range(0, 500).mapToObj(i -> QueueDatabase.mail("ann@demo.test", NOW, "a@one.example",
                "b@one.example", "c@two.example", "d@two.example", "e@one.example")).toList());
        assertEquals(2500, all(filter("reversePath", "ann@demo.test"), 999).size());
        assertEquals(1500, all(filter("destination", "one.example"), 1000).size());
    }

    @Test
    void a_search_stops_where_it_has_looked_enough_and_goes_on_from_there() throws Exception {
        queue.enqueue(IntStream.range(0, 100).mapToObj(i -> QueueDatabase.mail("ann@demo.test", NOW.plusMillis(i),
                i == 49 || i == 50 ? "needle@one.example" : "hay@one.example")).toList());
        QueueSearch search = new QueueSearch(filter("recipient", "needle@one.example"), new QueueFilter.Sql("", List.of()), 50);
        try (Connection connection = queue.dataSource().getConnection()) {
            Stretch first = search.find(connection, Optional.empty(), 10);
            assertEquals(1, first.items().size());
            Stretch second = search.find(connection, first.next(), 10);
            assertEquals(1, second.items().size());
            Stretch third = search.find(connection, second.next(), 10);
            assertEquals(new Stretch(List.of(), Optional.empty()), third);
        }
    }

    @Test
    void counts_by_state_and_groups_by_reason_and_destination() throws Exception {
        some();
        QueueCounts counts = new QueueCounts(queue.dataSource(), InstantSource.fixed(NOW.plusSeconds(400)));
        assertEquals(new QueueTotals(7, 4, 1, 1, 1, 3, Optional.of(NOW.plusSeconds(300))), counts.totals());
        QueueGroup first = counts.groups(QueueCounts.By.DESTINATION).getFirst();
        assertEquals(Optional.of("one.example"), first.destination());
        assertEquals(3, first.recipients());
        assertTrue(counts.groups(QueueCounts.By.REASON).contains(new QueueGroup(Optional.empty(), Optional.of("4.7.1"),
                Optional.of("450 4.7.1 Greylisted"), 3, NOW, Optional.of(NOW.plusSeconds(300)))));
    }

    /** Of each kind one. */
    private void some() throws Exception {
        UUID mailId = queue.enqueue("ann@demo.test", NOW, "a@one.example", "b@one.example", "c@two.example");
        queue.delayed(mailId, NOW, NOW.plusSeconds(300), "4.7.1", "450 4.7.1 Greylisted");
        queue.enqueue("", NOW.plusSeconds(7200), "u@xn--bcher-kva.example");
        queue.enqueue("bob@demo.test", NOW.plusSeconds(3600), "held@one.example");
        queue.execute("UPDATE recipient SET held = true WHERE final_recipient = 'held@one.example'");
        queue.arriving("bob@demo.test", NOW.plusSeconds(5000), "big@two.example");
        queue.enqueue("bob@demo.test", NOW.plusSeconds(1000), "claimed@two.example");
        new Claims(queue.dataSource()).claim(UUID.randomUUID(), NOW.plusSeconds(1000), 100);
        queue.execute("UPDATE recipient SET claimed_by = NULL WHERE final_recipient <> 'claimed@two.example'");
    }

    private List<RecipientKey> all(QueueFilter filter, int page) throws SQLException {
        List<RecipientKey> keys = new ArrayList<>();
        Optional<RecipientKey> after = Optional.empty();
        do {
            Stretch found = find(filter, after, page);
            found.items().forEach(item -> keys.add(item.key()));
            after = found.next();
        } while (after.isPresent());
        assertEquals(keys.size(), keys.stream().distinct().count());
        return keys;
    }

    private Stretch find(QueueFilter filter, Optional<RecipientKey> after, int limit) throws SQLException {
        try (Connection connection = queue.dataSource().getConnection()) {
            return QueueSearch.listing(filter).find(connection, after, limit);
        }
    }

    private static QueueFilter filter(String name, String value) {
        QueueQuery query = new QueueQuery();
        switch (name) {
            case "mailId" -> query.mailId = Optional.of(value);
            case "destination" -> query.destination = Optional.of(value);
            case "recipient" -> query.recipient = Optional.of(value);
            case "reversePath" -> query.reversePath = Optional.of(value);
            case "status" -> query.status = Optional.of(value);
            case "reply" -> query.reply = Optional.of(value);
            case "state" -> query.state = Optional.of(value);
            default -> query.queuedBefore = Optional.of(value);
        }
        return query.filter();
    }
}
