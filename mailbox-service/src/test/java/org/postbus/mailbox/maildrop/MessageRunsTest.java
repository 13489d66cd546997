package org.postbus.mailbox.maildrop;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postbus.events.MailIds;
import org.postbus.mailbox.Maildrops;
import org.postbus.mailbox.Servers;

@QuarkusTest
@QuarkusTestResource(Servers.class)
class MessageRunsTest {

    private static final byte FILL = 'x';

    @Inject
    Maildrops maildrops;

    @Inject
    MaildropSessions sessions;

    @Inject
    MessageRuns runs;

    @Inject
    SessionContents contents;

    private final MaildropSession session = new MaildropSession(MailIds.mint(), "pop3-1", "192.0.2.9");
    private UUID alice;

    @BeforeEach
    void open() {
        alice = maildrops.account();
        sessions.open(alice, session);
    }

    @Test
    void messagesFollowEachOtherInListingOrder() {
        UUID first = mail(alice, 10);
        UUID second = mail(alice, 20, 7);
        UUID third = mail(alice, 0);
        assertEquals(List.of(first, second, third), read(first, 10));
        assertEquals(List.of(second, third), read(second, 10));
        assertEquals(List.of(first, second), read(first, 2));
        assertEquals(List.of(), read(first, 0));
    }

    @Test
    void aRunEndsBeforeItGrowsTooLarge() {
        UUID first = mail(alice, MessageRuns.MAX_OCTETS - 5);
        UUID second = mail(alice, 5);
        mail(alice, 1);
        assertEquals(List.of(first, second), read(first, 10));
        UUID large = mail(alice, MessageRuns.MAX_OCTETS, 1);
        assertEquals(List.of(), read(large, 10));
    }

    @Test
    void whatIsGoneOrShortIsLeftOut() {
        UUID first = mail(alice, 10);
        UUID gone = mail(alice, 10);
        UUID third = mail(alice, 10);
        UUID half = mail(alice, 10, 10);
        UUID last = mail(alice, 10);
        maildrops.execute("delete from entry where mail_id = ?", gone);
        maildrops.execute("delete from content_chunk where mail_id = ? and n = 1", half);
        assertEquals(List.of(first, third, last), read(first, 10));
        assertEquals(List.of(), read(gone, 10));
    }

    @Test
    void whatNeedsUtf8ModeIsLeftOutWithoutIt() {
        UUID first = mail(alice, 10);
        UUID international = mail(alice, 10);
        UUID last = mail(alice, 10);
        maildrops.execute("update content set international = true where mail_id = ?", international);
        assertEquals(List.of(first, last), read(first, 10));
        assertEquals(List.of(first, international, last), read(first, 10, true));
        assertEquals(new SessionContents.NeedsUtf8(), contents.find(session.id(), international, false));
        assertEquals(new SessionContents.Found(10), contents.find(session.id(), international, true));
        assertEquals(new SessionContents.Found(10), contents.find(session.id(), last, false));
    }

    @Test
    void aSessionReadsItsOwnMaildropAlone() {
        UUID mine = mail(alice, 10);
        UUID others = mail(maildrops.account(), 10);
        assertEquals(List.of(mine), read(mine, 10));
        assertEquals(List.of(), read(others, 10));
    }

    @Test
    void withoutALockThereIsNoAnswer() {
        UUID mail = mail(alice, 10);
        sessions.close(session.id());
        assertTrue(runs.read(session.id(), mail, 10, true).isEmpty());
    }

    private UUID mail(UUID account, int... chunks) {
        UUID mailId = MailIds.mint();
        long octets = Arrays.stream(chunks).sum();
        maildrops.execute("insert into content (mail_id, state, octets, chunks, header_from, header_subject, header_date) "
                + "values (?, 'filed', ?, ?, '', '', '')", mailId, octets, chunks.length);
        for (int n = 0; n < chunks.length; n++) {
            byte[] data = new byte[chunks[n]];
            Arrays.fill(data, FILL);
            maildrops.execute("insert into content_chunk (mail_id, n, piece, data) values (?, ?, 0, ?)", mailId, n, data);
        }
        maildrops.execute("insert into entry (account_id, mail_id, seq, octets) values (?, ?, nextval('filing_seq'), ?)",
                account, mailId, octets);
        return mailId;
    }

    /** The mails of a run, each whole. */
    private List<UUID> read(UUID first, int count) {
        return read(first, count, false);
    }

    private List<UUID> read(UUID first, int count, boolean utf8) {
        Optional<byte[]> answer = runs.read(session.id(), first, count, utf8);
        ByteBuffer run = ByteBuffer.wrap(answer.orElseThrow());
        List<UUID> mails = new ArrayList<>();
        while (run.hasRemaining()) {
            mails.add(new UUID(run.getLong(), run.getLong()));
            byte[] expected = new byte[(int) run.getLong()];
            Arrays.fill(expected, FILL);
            byte[] octets = new byte[expected.length];
            run.get(octets);
            assertArrayEquals(expected, octets);
        }
        return mails;
    }
}
