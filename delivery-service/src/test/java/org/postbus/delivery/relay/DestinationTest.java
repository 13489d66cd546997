package org.postbus.delivery.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postbus.delivery.Fixtures;
import org.postbus.delivery.queue.Outcome.Word;
import org.postbus.delivery.queue.QueuedMail;
import org.postbus.delivery.queue.QueuedRecipient;
import org.postbus.delivery.relay.Destination.Offer;
import org.postbus.delivery.relay.Reach.Way;
import org.postbus.events.MailIds;

/** The line before a destination: how many sessions serve it, how fast, and when none does. */
class DestinationTest {

    private static final Word NO_ANSWER = Word.own("4.4.1", "no answer");
    private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
    private final Hand hand = new Hand(10_000, 1);
    private final Destination destination = new Destination("remote.test", 20, hand, NOW);

    /** T: it says that it gets too much; S: it takes a mail. */
    @ParameterizedTest
    @CsvSource({"'',20,0", "T,10,200", "TT,5,400", "TTT,2,800", "TTTT,1,1600", "TTTTT,1,3200", "TTTTTTTTTTTTTTTTTTTT,1,30000",
            "TS,10,160", "TSS,10,0", "TSSSSSSSSSS,11,0", "TSSSSSSSSST,5,200", "SSSSSSSSSSSSSSSSSSSS,20,0"})
    void sessionsAndPaceFollowWhatItSays(String said, int sessions, long pauseMillis) {
        destination.succeeded();
        said.chars().forEach(one -> {
            if (one == 'T') {
                destination.throttled();
            } else {
                destination.succeeded();
            }
        });
        assertEquals(Duration.ofMillis(pauseMillis), destination.pause());
        assertEquals(sessions, sessionsFor(100));
    }

    @Test
    void untilItHasTakenAMailItHasTwoSessions() {
        assertEquals(2, sessionsFor(100));
        assertFalse(destination.needsSession());
        destination.succeeded();
        assertEquals(18, Stream.generate(destination::needsSession).takeWhile(needs -> needs).count());
    }

    @Test
    void successGivesAllSessionsBackInTime() {
        for (int i = 0; i < 10; i++) {
            destination.throttled();
        }
        for (int i = 0; i < 19 * 10; i++) {
            destination.succeeded();
        }
        assertEquals(20, sessionsFor(100));
    }

    @ParameterizedTest
    @CsvSource({"1,1", "2,2", "3,4", "4,8", "5,15", "50,15"})
    void itIsLeftAloneForAWhileThatDoubles(int failures, long minutes) {
        for (int i = 0; i < failures; i++) {
            destination.unreachable(NO_ANSWER, NOW);
        }
        assertEquals(Offer.CLOSED, destination.offer(transmission(), NOW.plus(Duration.ofMinutes(minutes)).minusMillis(1)));
        assertEquals(Offer.WAITS_FOR_A_NEW_SESSION, destination.offer(transmission(), NOW.plus(Duration.ofMinutes(minutes))));
        assertEquals(NO_ANSWER, destination.why());
        assertTrue(destination.suspect(NOW));
    }

    @Test
    void whenThatWhileIsOverOneFindsOutForAll() throws Exception {
        destination.unreachable(NO_ANSWER, NOW);
        assertEquals(Way.CLOSED, destination.way(NOW));
        Instant later = NOW.plus(Duration.ofMinutes(1));
        assertEquals(Way.UNKNOWN, destination.way(later));
        assertEquals(1, sessionsFor(1, later));
        assertEquals(Way.IN_QUESTION, destination.way(later));
        assertEquals(Offer.FULL, destination.offer(transmission(), later));
        assertFalse(destination.turn(later, 1).isBefore(later.plusSeconds(15)));
        assertTrue(destination.turn(later, 1).isBefore(later.plusSeconds(19)));
        destination.reached();
        destination.succeeded();
        assertEquals(Way.OPEN, destination.way(later));
        assertEquals(19, sessionsFor(100, later));
    }

    /** Seconds that the question is open, and seconds that those wait who come then: at least, and less than. */
    @ParameterizedTest
    @CsvSource({"0,15,19", "15,15,19", "60,60,76", "300,300,376", "720,720,901", "3600,720,901"})
    void whoComesWhileOneFindsOutWaitsAsLongAsThatTakesAlready(long open, long atLeast, long lessThan) {
        destination.unreachable(NO_ANSWER, NOW);
        Instant questioned = NOW.plus(Duration.ofMinutes(1));
        sessionsFor(1, questioned);
        Instant now = questioned.plusSeconds(open);
        List<Instant> turns = Stream.generate(() -> destination.turn(now, 1)).limit(1000).toList();
        assertTrue(turns.stream().noneMatch(turn -> turn.isBefore(now.plusSeconds(atLeast))));
        assertTrue(turns.stream().allMatch(turn -> turn.isBefore(now.plusSeconds(lessThan))));
        assertTrue(turns.stream().distinct().count() > 100, "spread");
    }

    @Test
    void whoAsksForAnAttemptGetsOneAndNotTwo() {
        destination.unreachable(NO_ANSWER, NOW);
        Instant asked = NOW.plusSeconds(10);
        destination.asked(NOW, asked);
        assertEquals(Way.CLOSED, destination.way(asked), "before it failed");
        destination.asked(asked, asked);
        assertEquals(Way.UNKNOWN, destination.way(asked));
        destination.unreachable(NO_ANSWER, asked.plusSeconds(1));
        destination.asked(asked, asked.plusSeconds(1));
        assertEquals(Way.CLOSED, destination.way(asked.plusSeconds(1)));
    }

    @Test
    void aSuccessMakesTheNextWhileShort() {
        destination.unreachable(NO_ANSWER, NOW);
        destination.unreachable(NO_ANSWER, NOW);
        destination.reached();
        destination.succeeded();
        destination.unreachable(NO_ANSWER, NOW);
        assertEquals(Offer.WAITS_FOR_A_NEW_SESSION, destination.offer(transmission(), NOW.plus(Duration.ofMinutes(1))));
    }

    @Test
    void whoWaitsIsToldThatItCannotBeReached() {
        sessionsFor(30);
        assertEquals(30, destination.unreachable(NO_ANSWER, NOW).size());
    }

    @Test
    void aConnectionTooManyIsOneSessionLessUntilTheLastFails() throws Exception {
        destination.succeeded();
        sessionsFor(3);
        for (int i = 0; i < 3; i++) {
            destination.connects();
        }
        Transmission first = destination.next(Duration.ZERO).orElseThrow();
        for (int others = 2; others > 0; others--) {
            destination.disconnected();
            assertTrue(destination.takesNoMore(first));
            assertEquals(Optional.empty(), destination.next(Duration.ZERO));
            assertEquals(first, destination.next(Duration.ZERO).orElseThrow());
        }
        destination.disconnected();
        assertFalse(destination.takesNoMore(first));
    }

    /** One mail a second is what came, not what the destination can take. */
    @Test
    void aBurstAfterAQuietTimeIsNotPushedBack() throws Exception {
        Instant now = NOW;
        destination.succeeded();
        for (int i = 0; i < 60; i++) {
            destination.offer(transmission(), now);
            destination.next(Duration.ZERO).orElseThrow();
            destination.finished(now, 1, Duration.ZERO);
            now = now.plusSeconds(1);
        }
        assertEquals(0, full(1000, now));
    }

    @Test
    void aLineIsCountedInRecipients() {
        assertEquals(5, full(10, 100, NOW));
        destination.succeeded();
        assertEquals(5, full(10, 100, NOW));
    }

    @Test
    void aTransmissionThatIsLongerThanTheLineWaitsWhereNoOtherDoes() throws Exception {
        full(1, NOW);
        destination.next(Duration.ZERO).orElseThrow();
        assertEquals(1, full(2, 100, NOW.plusSeconds(60)));
    }

    @Test
    void theEndOfALineThatHasBecomeTooLongLeavesIt() throws Exception {
        destination.succeeded();
        full(10, 60, NOW);
        assertEquals(List.of(), destination.surplus(NOW));
        assertEquals(9, destination.surplus(NOW.plusSeconds(60)).size());
        assertTrue(destination.next(Duration.ZERO).isPresent());
        assertTrue(destination.next(Duration.ZERO).isEmpty());
    }

    @Test
    void whatWaitsForSuspectDestinationsNeverFillsTheRoom() throws Exception {
        List<Destination> suspects = Stream.generate(() -> new Destination("other.test", 20, hand, NOW)).limit(30).toList();
        assertEquals(30, suspects.stream().filter(one -> one.offer(transmission(100), NOW) != Offer.FULL).count(), "one of each");
        assertEquals(0, suspects.stream().filter(one -> one.offer(transmission(1), NOW) != Offer.FULL).count());
        destination.succeeded();
        assertEquals(1000 / 100, 20 - full(20, 100, NOW), "as much as ever of one that is known");
        suspects.getFirst().succeeded();
        suspects.getFirst().surplus(NOW);
        for (int i = 1; i < 10; i++) {
            suspects.get(i).next(Duration.ZERO).orElseThrow();
        }
        assertEquals(5, suspects.stream().skip(10).filter(one -> one.offer(transmission(100), NOW) != Offer.FULL).count());
    }

    @Test
    void whoFinishesNothingForAMinuteIsSuspect() {
        destination.succeeded();
        full(1, NOW);
        assertFalse(destination.suspect(NOW.plusSeconds(59)));
        assertTrue(destination.suspect(NOW.plusSeconds(60)));
    }

    @Test
    void aDestinationThatFinishesNothingHasAShortLine() {
        full(1, NOW);
        assertEquals(960, full(999, NOW.plusSeconds(60)));
    }

    /** It may only be slow, and its mail must not wait for minutes when it is not any more. */
    @Test
    void whatFindsThatLineFullComesAgainSoon() {
        full(1000, NOW);
        Instant now = NOW.plusSeconds(30);
        Instant last = Stream.generate(() -> destination.turn(now, 1)).limit(1000).max(Instant::compareTo).orElseThrow();
        assertTrue(last.isAfter(now) && last.isBefore(now.plusSeconds(20)), last.toString());
    }

    @Test
    void aLineThatIsNeverEmptyIsAsLongAsTheDestinationIsFast() {
        Instant now = NOW;
        full(1, now);
        for (int i = 0; i < 600; i++) {
            destination.finished(now, 1, Duration.ZERO);
            now = now.plusMillis(50);
        }
        // Twenty a second, for five seconds.
        assertEquals(901, full(1000, now));
    }

    @Test
    void whoTakesLongForAMailIsSuspectUntilHeDoesNot() {
        destination.succeeded();
        destination.finished(NOW, 1, Duration.ofSeconds(30));
        assertFalse(destination.suspect(NOW));
        destination.finished(NOW, 1, Duration.ofSeconds(31));
        assertTrue(destination.suspect(NOW));
        destination.finished(NOW, 1, Duration.ofSeconds(1));
        assertFalse(destination.suspect(NOW));
    }

    private int full(int offers, Instant now) {
        return full(offers, 1, now);
    }

    private int full(int offers, int recipients, Instant now) {
        return (int) Stream.generate(() -> transmission(recipients)).limit(offers)
                .filter(one -> destination.offer(one, now) == Offer.FULL).count();
    }

    @Test
    void whoWaitsWhileASessionEndsGetsANewOne() throws Exception {
        sessionsFor(2);
        destination.next(Duration.ZERO).orElseThrow();
        destination.ended();
        assertTrue(destination.needsSession());
        destination.next(Duration.ZERO).orElseThrow();
        destination.ended();
        assertFalse(destination.needsSession());
    }

    private int sessionsFor(int offers) {
        return sessionsFor(offers, NOW);
    }

    private int sessionsFor(int offers, Instant now) {
        int sessions = 0;
        for (int i = 0; i < offers; i++) {
            sessions += destination.offer(transmission(), now) == Offer.WAITS_FOR_A_NEW_SESSION ? 1 : 0;
        }
        return sessions;
    }

    private static Transmission transmission() {
        return transmission(1);
    }

    private static Transmission transmission(int recipients) {
        UUID mailId = MailIds.mint();
        QueuedMail mail = new QueuedMail(Fixtures.envelope(mailId, "ann@one.test", "bob@remote.test"), 1, 1, false);
        return new Transmission(UUID.randomUUID(), mail, IntStream.range(0, recipients).mapToObj(n -> new QueuedRecipient(mailId, n,
                "bob@remote.test", "bob@remote.test", "ann@one.test", "remote.test", NOW, NOW.plus(Duration.ofDays(5)), 0, false))
                .toList(), Optional.empty());
    }
}
