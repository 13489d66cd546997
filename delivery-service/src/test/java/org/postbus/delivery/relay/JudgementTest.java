package org.postbus.delivery.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.postbus.delivery.Fixtures;
import org.postbus.delivery.queue.Attempt;
import org.postbus.delivery.queue.Outcome.Word;
import org.postbus.delivery.queue.QueuedMail;
import org.postbus.delivery.queue.QueuedRecipient;
import org.postbus.delivery.queue.RetryTimes;
import org.postbus.delivery.relay.Judgement.Answer;
import org.postbus.events.MailIds;

/** What an attempt keeps in memory until it is recorded. */
class JudgementTest {

    private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
    private static final byte[] FIRST = Fixtures.octets("Subject: hi\r\n\r\nhi\r\n");

    private final Judgement judgement = new Judgement(new RetryTimes(Duration.ofMinutes(5), Duration.ofHours(4), Duration.ofMinutes(1),
            Duration.ofDays(5), Duration.ofHours(4), new Random(1)), () -> NOW);

    @Test
    void aMailThatWasRelayedIsNotKeptWhereNobodyHearsOfIt() {
        assertEquals(Optional.empty(), first("ann@one.test", new Answer.Taken(Word.own("2.0.0", "ok"), true)));
        assertEquals(Optional.empty(), first("ann@one.test", new Answer.Taken(Word.own("2.0.0", "ok"), false)));
        assertEquals(Optional.empty(), first("ann@one.test", new Answer.NotNow(Word.own("4.0.0", "later"), false)));
        assertEquals(Optional.empty(), first("", new Answer.Refused(Word.own("5.0.0", "never"))));
    }

    @Test
    void aMailThatTheReversePathHearsOfIsKeptForThat() {
        assertSame(FIRST, first("ann@one.test", new Answer.Refused(Word.own("5.0.0", "never"))).orElseThrow());
    }

    private Optional<byte[]> first(String reversePath, Answer answer) {
        UUID mailId = MailIds.mint();
        QueuedMail mail = new QueuedMail(Fixtures.envelope(mailId, reversePath, "bob@two.test"), FIRST.length, 1, false);
        QueuedRecipient recipient = new QueuedRecipient(mailId, 0, "bob@two.test", "bob@two.test", reversePath, "two.test", NOW,
                NOW.plus(Duration.ofDays(5)), 0, false);
        Transmission claimed = new Transmission(UUID.randomUUID(), mail, List.of(recipient), Optional.empty());
        Attempt attempt = judgement.each(claimed, one -> answer, Optional.of(FIRST), "");
        return attempt.first();
    }
}
