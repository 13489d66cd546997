package org.postbus.delivery.queue.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.postbus.delivery.dsn.Action;
import org.postbus.delivery.dsn.Report;
import org.postbus.delivery.queue.Claims;
import org.postbus.delivery.queue.Outbox;
import org.postbus.delivery.queue.QueueDatabase;
import org.postbus.events.TrailEvent;
import org.postbus.events.TrailStep;
import org.postbus.rest.Cursor;

/** What an operator's actions do to the rows, the outbox and the mails. */
class QueueActionsTest {

    private static final Instant NOW = Instant.parse("2026-11-28T12:00:00Z");
    private static final Instant LATER = NOW.plusSeconds(3600);
    private static final QueueFilter ALL = new QueueFilter(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(),
            Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    private static QueueDatabase queue;
    private QueueActions actions;

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
        actions = new QueueActions(queue.dataSource(), InstantSource.fixed(NOW));
    }

    @Test
    void retry_makes_the_next_attempt_due_now() throws Exception {
        UUID mailId = queue.enqueue("ann@demo.test", LATER, "a@one.example", "b@two.example");
        assertEquals(result(1, 0), run(QueueAction.RETRY, recipient(mailId, "a@one.example")));
        assertEquals("1", count("next_attempt_at = '%s' AND final_recipient = 'a@one.example'".formatted(NOW)));
        assertEquals("1", count("next_attempt_at = '%s'".formatted(LATER)));
        assertEquals(result(0, 0), run(QueueAction.RETRY, recipient(mailId, "a@one.example")));
        TrailEvent event = trail(1).getFirst();
        assertEquals(TrailStep.DELAYED, event.step());
        assertEquals(Optional.of(mailId), event.mailId());
        assertEquals("retried by an administrator", event.detail());
        assertEquals(List.of(new TrailEvent.Recipient("a@one.example", "a@one.example", "4.0.0", "")), event.recipients());
    }

    /** By it the relay tries a destination once for each time that somebody asks. */
    @ParameterizedTest
    @EnumSource(names = {"RETRY", "RELEASE"})
    void all_of_a_request_are_asked_for_at_one_time(QueueAction action) throws Exception {
        queue.enqueue(IntStream.range(0, QueueActions.BATCH + 1)
                .mapToObj(i -> QueueDatabase.mail("ann@demo.test", LATER, "b" + i + "@one.example")).toList());
        queue.execute("UPDATE recipient SET held = " + (action == QueueAction.RELEASE));
        AtomicLong seconds = new AtomicLong();
        actions = new QueueActions(queue.dataSource(), () -> NOW.plusSeconds(seconds.getAndIncrement()));
        assertEquals(result(QueueActions.BATCH + 1, 0), run(action, ALL));
        assertEquals(String.valueOf(QueueActions.BATCH + 1), count("asked_at = '%1$s' AND next_attempt_at = '%1$s'".formatted(NOW)));
    }

    @Test
    void held_recipients_are_neither_claimed_nor_retried_until_they_are_released() throws Exception {
        queue.enqueue("ann@demo.test", NOW, "a@one.example", "b@one.example");
        assertEquals(result(2, 0), run(QueueAction.HOLD, ALL));
        assertEquals(result(0, 0), run(QueueAction.HOLD, ALL));
        assertEquals(result(0, 0), run(QueueAction.RETRY, ALL));
        assertEquals(0, claimed(LATER));
        queue.execute("UPDATE recipient SET next_attempt_at = '%s'".formatted(LATER));
        assertEquals(result(2, 0), run(QueueAction.RELEASE, ALL));
        assertEquals(2, claimed(NOW));
        assertEquals(List.of("held by an administrator", "released by an administrator"),
                trail(2).stream().map(TrailEvent::detail).toList());
    }

    @ParameterizedTest
    @EnumSource(QueueAction.class)
    void what_is_attempted_just_now_stays_as_it_is(QueueAction action) throws Exception {
        queue.enqueue("ann@demo.test", NOW, "a@one.example", "b@one.example");
        assertEquals(2, claimed(NOW));
        if (action == QueueAction.RELEASE) {
            queue.execute("UPDATE recipient SET held = true");
        }
        String before = queue.value("SELECT string_agg(r::text, ';' ORDER BY n) FROM recipient r");
        assertEquals(result(0, 2), run(action, ALL));
        assertEquals(before, queue.value("SELECT string_agg(r::text, ';' ORDER BY n) FROM recipient r"));
        assertEquals(List.of(), queue.told());
    }

    @ParameterizedTest
    @CsvSource({"RETRY, 0, 1", "HOLD, 1, 0", "RELEASE, 0, 0", "CANCEL, 0, 1"})
    void a_mail_that_arrives_can_be_held_alone(QueueAction action, int changed, int left) throws Exception {
        queue.arriving("ann@demo.test", NOW, "big@one.example");
        assertEquals(result(changed, left), run(action, ALL));
        assertEquals("1", count("next_attempt_at = 'infinity'"));
        assertEquals(result(changed, 0), run(QueueAction.RELEASE, ALL));
        assertEquals("1", count("next_attempt_at = 'infinity' AND NOT held"));
    }

    @Test
    void a_mail_whose_envelope_cannot_be_read_can_be_released_and_cancelled_beside_others() throws Exception {
        UUID unreadable = queue.enqueue("ann@demo.test", NOW, "a@one.example");
        queue.enqueue("ann@demo.test", NOW, "b@one.example");
        queue.execute("UPDATE mail SET envelope = 'x' WHERE mail_id = '" + unreadable + "'");
        assertEquals(1, claimed(NOW));
        queue.execute("UPDATE recipient SET claimed_by = NULL");
        assertEquals(result(1, 0), run(QueueAction.RELEASE, ALL));
        assertEquals(result(2, 0), run(QueueAction.CANCEL, ALL));
        assertEquals("0", queue.value("SELECT (SELECT count(*) FROM recipient) + (SELECT count(*) FROM mail) + (SELECT count(*) FROM chunk)"));
    }

    @Test
    void a_cancelled_recipient_is_gone_and_its_reverse_path_is_told() throws Exception {
        UUID mailId = queue.enqueue("ann@demo.test", LATER, "a@one.example", "b@two.example");
        assertEquals(result(1, 0), run(QueueAction.CANCEL, recipient(mailId, "A@one.example")));
        List<Outbox.Item> told = queue.told();
        assertEquals(2, told.size());
        Report report = assertInstanceOf(Outbox.Item.Notice.class, told.get(0)).report();
        TrailEvent event = assertInstanceOf(Outbox.Item.Trail.class, told.get(1)).event();
        assertEquals(TrailStep.FAILED, event.step());
        assertEquals("cancelled by an administrator", event.detail());
        assertEquals(1, report.recipients().size());
        assertEquals(Action.FAILED, report.recipients().getFirst().action());
        assertEquals("5.3.0", report.recipients().getFirst().status());
        assertEquals("a@one.example", report.recipients().getFirst().finalRecipient());
        assertTrue(report.mail().isEmpty(), "nobody has asked for all of the mail");
        assertTrue(report.headerSection().length > 0);
        assertEquals("b@two.example", queue.value("SELECT string_agg(final_recipient, ' ') FROM recipient"));
        assertEquals("1", queue.value("SELECT count(*) FROM mail"));
    }

    @Test
    void without_notification_the_trail_alone_hears_of_it_and_the_mail_goes_with_its_last_recipient() throws Exception {
        UUID mailId = queue.enqueue("ann@demo.test", LATER, "a@one.example", "b@two.example");
        queue.enqueue("ann@demo.test", LATER, "c@one.example");
        assertEquals(result(2, 0), actions.run(QueueAction.CANCEL, QueueFilter.mail(mailId, Optional.empty()), Optional.empty(), false));
        List<TrailEvent> trail = trail(1);
        assertEquals(TrailStep.FAILED, trail.getFirst().step());
        assertEquals(2, trail.getFirst().recipients().size());
        assertEquals("1 1", queue.value("SELECT (SELECT count(*) FROM mail) || ' ' || (SELECT count(*) FROM chunk)"));
        assertEquals("c@one.example", queue.value("SELECT string_agg(final_recipient, ' ') FROM recipient"));
    }

    @Test
    void the_null_reverse_path_is_never_told() throws Exception {
        queue.enqueue("", LATER, "a@one.example");
        assertEquals(result(1, 0), run(QueueAction.CANCEL, ALL));
        trail(1);
    }

    @Test
    void thousands_change_in_one_request_with_one_event_for_each_mail() throws Exception {
        queue.enqueue(IntStream.range(0, 1000).mapToObj(i -> QueueDatabase.mail("ann@demo.test", LATER.plusMillis(i), "a@one.example",
                "b@one.example", "c@one.example", "d@one.example", "e@two.example")).toList());
        QueueFilter one = new QueueFilter(Optional.empty(), Optional.of("one.example"), Optional.empty(), Optional.empty(),
                Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
        assertEquals(result(4000, 0), run(QueueAction.HOLD, one));
        assertEquals("4000", count("held"));
        trail(1000);
        assertEquals(result(1000, 0), run(QueueAction.RETRY, ALL));
        assertEquals(result(5000, 0), run(QueueAction.CANCEL, ALL));
        assertEquals("0 0", queue.value("SELECT (SELECT count(*) FROM recipient) || ' ' || (SELECT count(*) FROM mail)"));
    }

    @Test
    void a_request_without_time_ends_with_what_it_has_done_and_is_gone_on_with() throws Exception {
        queue.enqueue(IntStream.range(0, 1200).mapToObj(i -> QueueDatabase.mail("ann@demo.test", LATER.plusMillis(i), "a@one.example"))
                .toList());
        QueueActions hurried = new QueueActions(queue.dataSource(), InstantSource.fixed(NOW), Duration.ZERO);
        ActionResult first = hurried.run(QueueAction.HOLD, ALL, Optional.empty(), false);
        assertEquals(QueueActions.BATCH, first.changed());
        assertEquals("500", count("held"));
        ActionResult second = hurried.run(QueueAction.HOLD, ALL, first.next().map(Cursor::decode).map(RecipientKey::of), false);
        ActionResult third = hurried.run(QueueAction.HOLD, ALL, second.next().map(Cursor::decode).map(RecipientKey::of), false);
        assertEquals(result(200, 0), third);
    }

    private ActionResult run(QueueAction action, QueueFilter filter) throws Exception {
        return actions.run(action, filter, Optional.empty(), true);
    }

    private int claimed(Instant now) throws Exception {
        return new Claims(queue.dataSource()).claim(UUID.randomUUID(), now, 100).recipients().size();
    }

    private String count(String condition) throws Exception {
        return queue.value("SELECT count(*) FROM recipient WHERE " + condition);
    }

    /** Events of the trail, of which there are so many, and nothing else. */
    private List<TrailEvent> trail(int expected) throws Exception {
        List<TrailEvent> events = queue.told().stream().map(item -> assertInstanceOf(Outbox.Item.Trail.class, item).event()).toList();
        assertEquals(expected, events.size());
        return events;
    }

    private static QueueFilter recipient(UUID mailId, String recipient) {
        return QueueFilter.mail(mailId, Optional.of(recipient.toLowerCase()));
    }

    private static ActionResult result(long changed, long attempting) {
        return new ActionResult(changed, attempting, Optional.empty());
    }
}
