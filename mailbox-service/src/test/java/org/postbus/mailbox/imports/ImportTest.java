package org.postbus.mailbox.imports;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postbus.events.Topics;
import org.postbus.mailbox.Maildrops;
import org.postbus.mailbox.Servers;
import org.postbus.mailbox.database.Database;
import org.postbus.mailbox.maildrop.MaildropRemoval;
import org.postbus.rest.ProblemException;

@QuarkusTest
@QuarkusTestResource(Servers.class)
class ImportTest {

    private static final String FROM = "From alice@example.org Mon Nov 23 12:00:00 2026\n";
    private static final long MAX_OCTETS = 2_000_000;

    @Inject
    Maildrops maildrops;

    @Inject
    Database database;

    private final Maildrops.CapturedOutbox outbox = new Maildrops.CapturedOutbox();
    private UUID account;

    @BeforeEach
    void makeAccount() {
        account = maildrops.account();
    }

    @Test
    void messagesAreFiledInTheirOrderAsTheyAre() throws Exception {
        ImportReport report = run(mbox("A: 1\n\n>From\tone\n", "A: 2\n\n>From two\n", large("A: 3\n\n", 700_000), "no header\n"));
        List<UUID> listing = maildrops.listing(account);
        assertEquals(List.of("A: 1\r\n\r\n>From\tone\r\n", "A: 2\r\n\r\nFrom two\r\n",
                large("A: 3\n\n", 700_000).replace("\n", "\r\n"), "no header\r\n"), listing.stream().map(maildrops::mail).toList());
        assertEquals(listing, messages(report).stream().map(message -> message.mailId().orElseThrow()).toList());
        assertEquals(List.of(1, 2, 3, 4), messages(report).stream().map(ImportView.Message::n).toList());
        assertEquals(4, report.count(Verdict.Status.IMPORTED));
        assertTrue(maildrops.sumsAreRight(account));
        assertEquals(3, maildrops.number("select chunks from content where mail_id = ?", listing.get(2)));
        assertEquals("filed", maildrops.text("select state from content where mail_id = ?", listing.get(2)));
        assertEquals(3, outbox.records.size(), "an event for each transaction");
    }

    @Test
    void whatWasImportedIsADuplicateAlsoAfterItsDeletion() throws Exception {
        String mbox = mbox("A: 1\n\none\n", large("A: 2\n\n", 300_000), "A: 1\n\none\n");
        ImportReport first = run(mbox);
        assertEquals("imported imported duplicate", statuses(first));
        long chunks = maildrops.number("select count(*) from content_chunk");
        List<UUID> listing = maildrops.listing(account);
        assertEquals(listing.getFirst(), messages(first).get(2).mailId().orElseThrow());
        assertEquals("duplicate duplicate duplicate", statuses(run(mbox)));
        assertEquals(listing, maildrops.listing(account));
        maildrops.execute("delete from entry where account_id = ?", account);
        maildrops.execute("update account set used_bytes = 0, message_count = 0 where id = ?", account);
        ImportReport again = run(mbox.replace("\n", "\r\n"));
        assertEquals("duplicate duplicate duplicate", statuses(again));
        assertEquals(listing, messages(again).subList(0, 2).stream().map(message -> message.mailId().orElseThrow()).toList());
        assertEquals(List.of(), maildrops.listing(account));
        assertTrue(maildrops.sumsAreRight(account));
        assertEquals(chunks, maildrops.number("select count(*) from content_chunk"), "no chunk of a large duplicate stays");
    }

    @Test
    void eachAccountHasItsOwn() throws Exception {
        run(mbox("A: 1\n\none\n"));
        account = maildrops.account();
        assertEquals("imported", statuses(run(mbox("A: 1\n\none\n"))));
    }

    @Test
    void whatDoesNotFitIsRefusedAndTheRestGoesOn() throws Exception {
        account = maildrops.accountWithQuota(300_300);
        ImportReport report = run(mbox("A: 1\n\n" + "x\n".repeat(50), large("A: 2\n\n", 300_000), large("A: 3\n\n", 300_000),
                "A: 4\n\n" + "y\n".repeat(150), "A: 5\n\nz\n", "", large("A: 6\n\n", (int) MAX_OCTETS + 1),
                "A: " + "w".repeat(300_000) + "\n\nx\n", "A: 7\n\nz\n"));
        assertEquals("imported refused refused imported imported refused refused refused imported", statuses(report));
        assertEquals(List.of(Reason.OVER_QUOTA.text(), Reason.OVER_QUOTA.text(), Reason.EMPTY.text(), Reason.TOO_LARGE.text(),
                Reason.LARGE_HEADER.text()), messages(report).stream().flatMap(message -> message.reason().stream()).toList());
        assertTrue(maildrops.sumsAreRight(account));
        assertEquals(4, maildrops.listing(account).size());
        maildrops.execute("update account set quota_bytes = null where id = ?", account);
        assertEquals("duplicate imported imported duplicate duplicate refused refused refused duplicate", statuses(run(mbox(
                "A: 1\n\n" + "x\n".repeat(50), large("A: 2\n\n", 300_000), large("A: 3\n\n", 300_000),
                "A: 4\n\n" + "y\n".repeat(150), "A: 5\n\nz\n", "", large("A: 6\n\n", (int) MAX_OCTETS + 1),
                "A: " + "w".repeat(300_000) + "\n\nx\n", "A: 7\n\nz\n"))));
    }

    /** Chunks of 256 KiB: sizes around one, two and the limit, which counts octets as they are filed. */
    @Test
    void sizesAroundAChunkAreWhole() throws Exception {
        List<String> mails = new ArrayList<>();
        for (int size : new int[] {Topics.CHUNK_OCTETS - 1, Topics.CHUNK_OCTETS, Topics.CHUNK_OCTETS + 1, 2 * Topics.CHUNK_OCTETS - 1,
            2 * Topics.CHUNK_OCTETS, 2 * Topics.CHUNK_OCTETS + 1, (int) MAX_OCTETS - 1, (int) MAX_OCTETS}) {
            mails.add("A: b\r\n\r\n" + "x".repeat(size - 10) + "\r\n");
        }
        mails.add("A: b\r\n\r\n" + "x".repeat((int) MAX_OCTETS + 1 - 10) + "\r\n");
        ImportReport report = run(mbox(mails.toArray(String[]::new)));
        assertEquals("imported ".repeat(8) + "refused", statuses(report));
        assertEquals(mails.subList(0, 8), maildrops.listing(account).stream().map(maildrops::mail).toList());
        assertEquals(mails.stream().map(mail -> (long) mail.length()).toList(),
                messages(report).stream().map(message -> message.octets().orElseThrow()).toList());
    }

    @Test
    void theInternalMessageThatAnMboxBeginsWithIsSkipped() throws Exception {
        String internal = "From: Mail System Internal Data <MAILER-DAEMON@host>\nSubject: DON'T DELETE THIS MESSAGE -- FOLDER INTERNAL "
                + "DATA\nX-IMAP: 1700000000 0000000001\n\nThis text is part of the internal format.\n";
        assertEquals("skipped imported imported", statuses(run(mbox(internal, "A: b\n", internal))));
        assertEquals("skipped", statuses(run(mbox(internal.replace("X-IMAP:", "x-imapbase:")))));
        assertEquals("imported", statuses(run(mbox(internal.replace("X-IMAP:", "X-IMAPS:")))));
        account = maildrops.account();
        assertEquals("imported", statuses(run(new MaildirTar(new ByteArrayInputStream(new TestTar().file("cur/1", internal).octets())))));
    }

    /** A server that stores mail compressed has files that are no mails. */
    @Test
    void compressedMailIsRefused() throws Exception {
        TestTar tar = new TestTar();
        for (String magic : List.of("\037\213\b", "(\265/\375", "\3757zXZ\0", "BZh91AY&SY", "Dovecot-LZ4\r*\233\305")) {
            tar.file("cur/" + (int) magic.charAt(0), magic + "x".repeat(100));
        }
        tar.file("cur/0", "BZh: a field\n").file("cur/1", "(");
        assertEquals("refused ".repeat(5) + "imported imported", statuses(run(new MaildirTar(new ByteArrayInputStream(tar.octets())))));
    }

    @Test
    void aMaildirIsFiledWithoutItsSubFolders() throws Exception {
        byte[] tar = new TestTar().file("./.Sent/cur/1", "A: 1\n").file("./cur/2", "A: 2\n").file("./cur/3", large("A: 3\n\n", 400_000))
                .file("./dovecot.index", "x").file("./new/4", "A: 4\n").octets();
        ImportReport report = run(new MaildirTar(new ByteArrayInputStream(tar)));
        assertEquals("skipped imported imported imported", statuses(report));
        assertEquals(List.of(".Sent/cur/1", "cur/2", "cur/3", "new/4"),
                messages(report).stream().map(message -> message.name().orElseThrow()).toList());
        assertEquals(3, maildrops.listing(account).size());
        assertTrue(maildrops.sumsAreRight(account));
    }

    @Test
    void aRequestLooksAtSoManyMessagesAndTheNextGoesOn() throws Exception {
        String mbox = mbox("A: 1\n", "A: 2\n", "A: 3\n", "A: 4\n", "A: 5\n");
        ImportReport first = new ImportReport(1);
        assertEquals(Optional.of(3), importing(new Mbox(in(mbox)), first).run(1, 2));
        assertEquals("imported imported", statuses(first));
        ImportReport second = new ImportReport(3);
        assertEquals(Optional.empty(), importing(new Mbox(in(mbox)), second).run(3, 3));
        assertEquals(List.of(3, 4, 5), messages(second).stream().map(ImportView.Message::n).toList());
        assertEquals(5, maildrops.listing(account).size());
    }

    @Test
    void whatWasReadBeforeItBreaksOffIsFiled() throws Exception {
        byte[] octets = Octets.of(mbox("A: 1\n", "A: 2\n", large("A: 3\n\n", 900_000)));
        ImportReport report = new ImportReport(1);
        Import run = importing(new Mbox(new BrokenOff(java.util.Arrays.copyOf(octets, octets.length - 100_000))), report);
        assertThrows(IOException.class, () -> run.run(1, 100));
        assertEquals("imported imported", statuses(report));
        assertEquals(2, run.seen());
        assertEquals(2, maildrops.listing(account).size());
        assertEquals("duplicate duplicate imported", statuses(run(Octets.text(octets))));
    }

    @Test
    void twoAtATimeFileEachMailOnce() throws Exception {
        String[] mails = IntStream.range(0, 400).mapToObj(n -> n % 100 == 0 ? large("A: " + n + "\n\n", 300_000) : "A: " + n + "\n")
                .toArray(String[]::new);
        List<String> reversed = new ArrayList<>(List.of(mails));
        Collections.reverse(reversed);
        List<Callable<ImportReport>> imports = List.of(() -> run(mbox(mails)), () -> run(mbox(reversed.toArray(String[]::new))),
                () -> run(mbox(mails)));
        int imported = 0;
        try (var threads = Executors.newFixedThreadPool(3)) {
            for (Future<ImportReport> report : threads.invokeAll(imports)) {
                imported += report.get().count(Verdict.Status.IMPORTED);
            }
        }
        assertEquals(400, imported);
        assertEquals(400, maildrops.listing(account).size());
        assertTrue(maildrops.sumsAreRight(account));
    }

    @Test
    void anAccountThatIsDeletedMeanwhileEndsIt() {
        maildrops.execute("delete from account where id = ?", account);
        ProblemException gone = assertThrows(ProblemException.class, () -> run(mbox("A: 1\n")));
        assertEquals(404, gone.problem().status());
    }

    @Test
    void whatIsKnownGoesWithTheAccount() throws Exception {
        run(mbox("A: 1\n"));
        database.transaction(connection -> {
            MaildropRemoval.remove(connection, account);
            return true;
        });
        maildrops.execute("delete from account where id = ?", account);
        assertEquals(0, maildrops.number("select count(*) from imported_mail where account_id = ?", account));
    }

    /** 40 MiB in one mail, and 3,000 small ones, and another 40 MiB that is known already. */
    @Test
    void anyAmountPassesThroughAHeapOfThirtyTwoMebibytes() throws Exception {
        var config = ConfigProvider.getConfig();
        String output = SmallHeapImport.run(32, config.getValue("quarkus.datasource.mailbox.jdbc.url", String.class)
                + "?currentSchema=mailbox", config.getValue("quarkus.datasource.mailbox.username", String.class),
                config.getValue("quarkus.datasource.mailbox.password", String.class), account.toString());
        assertTrue(output.contains("imported 3001 duplicates 1"), output);
        assertEquals(3001, maildrops.listing(account).size());
        assertTrue(maildrops.sumsAreRight(account));
    }

    private ImportReport run(String mbox) throws IOException {
        return run(new Mbox(in(mbox)));
    }

    private ImportReport run(MailArchive archive) throws IOException {
        ImportReport report = new ImportReport(1);
        assertEquals(Optional.empty(), importing(archive, report).run(1, ImportReport.MOST));
        return report;
    }

    private Import importing(MailArchive archive, ImportReport report) {
        return new Import(archive, new ImportFiling(database, outbox::add, account, "a@demo.test"), report, MAX_OCTETS);
    }

    private static InputStream in(String text) {
        return new ByteArrayInputStream(Octets.of(text));
    }

    private static String mbox(String... mails) {
        StringBuilder mbox = new StringBuilder();
        for (String mail : mails) {
            mbox.append(FROM).append(mail).append('\n');
        }
        return mbox.toString();
    }

    private static String large(String head, int octets) {
        return head + ("x".repeat(99) + "\n").repeat(octets / 100);
    }

    private static List<ImportView.Message> messages(ImportReport report) {
        return StreamSupport.stream(report.messages().spliterator(), false).toList();
    }

    private static String statuses(ImportReport report) {
        return String.join(" ", messages(report).stream().map(ImportView.Message::status).toList());
    }
}
