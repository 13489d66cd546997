package org.postbus.mailbox.imports;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;
import org.postbus.events.MailIds;
import org.postbus.events.Topics;
import org.postbus.mailbox.content.HeaderSummary;
import org.postbus.mailbox.content.StoredMail;
import org.postbus.protocol.message.HeaderMeter;

/** One archive on its way into one maildrop: message by message, in its order. Belongs to one thread. */
final class Import {

    private static final String FOLDER_DATA = "DON'T DELETE THIS MESSAGE -- FOLDER INTERNAL DATA";
    private static final Pattern IMAP_FIELD = Pattern.compile("(?im)^X-IMAP(?:base)?:");

    private final MailArchive archive;
    private final ImportFiling filing;
    private final ImportReport report;
    private final SmallMails small;
    private final long maxOctets;
    private final byte[] chunk = new byte[Topics.CHUNK_OCTETS];
    private int seen;

    /** @param maxOctets of a mail that is filed */
    Import(MailArchive archive, ImportFiling filing, ImportReport report, long maxOctets) {
        this.archive = archive;
        this.filing = filing;
        this.report = report;
        this.small = new SmallMails(filing, report);
        this.maxOctets = maxOctets;
    }

    /** Messages that were read, one that broke off not among them. */
    int seen() {
        return seen;
    }

    /**
     * Reads and files. What was read whole is filed, also where the archive breaks off then.
     *
     * @param from the first message to look at, from 1
     * @param most messages to look at
     * @return the first message that was not looked at because there were too many
     * @throws IOException the archive is none, or breaks off
     */
    Optional<Integer> run(int from, int most) throws IOException {
        try {
            Optional<Integer> next = read(from, from + (long) most);
            small.file();
            return next;
        } catch (IOException e) {
            small.file();
            throw e;
        }
    }

    private Optional<Integer> read(int from, long end) throws IOException {
        for (Optional<ArchivedMail> mail = archive.next(); mail.isPresent(); mail = archive.next()) {
            int n = seen + 1;
            if (n == end) {
                return Optional.of(n);
            }
            if (n >= from) {
                take(mail.get());
            }
            seen = n;
        }
        return Optional.empty();
    }

    private void take(ArchivedMail mail) throws IOException {
        if (mail.decided().isPresent()) {
            decide(mail.name(), mail.decided().get());
            return;
        }
        InputStream octets = new CrlfOctets(mail.octets());
        int length = octets.readNBytes(chunk, 0, chunk.length);
        int next = length == chunk.length ? octets.read() : -1;
        HeaderMeter header = new HeaderMeter();
        header.update(chunk, 0, length);
        byte[] headerSection = Arrays.copyOf(chunk, header.length());
        Optional<Reason> refusal = refusal(length, next, header);
        if (refusal.isPresent()) {
            long rest = octets.transferTo(OutputStream.nullOutputStream());
            decide(mail.name(), Verdict.refused(refusal.get(), length + (next < 0 ? 0 : 1) + rest));
        } else if (mail.name().isEmpty() && seen == 0 && isFolderData(headerSection)) {
            decide(mail.name(), Verdict.skipped(Reason.FOLDER_DATA));
        } else if (next < 0) {
            small.add(mail.name(), whole(headerSection, Arrays.copyOf(chunk, length)));
        } else {
            small.file();
            report.add(mail.name(), new LargeMail(headerSection, octets, maxOctets).file(filing, chunk, next));
        }
    }

    /** Why a message cannot be filed, by its first chunk. */
    private Optional<Reason> refusal(int length, int next, HeaderMeter header) {
        if (length == 0) {
            return Optional.of(Reason.EMPTY);
        }
        if (Compression.begins(chunk, length)) {
            return Optional.of(Reason.COMPRESSED);
        }
        if (next >= 0 && !header.ended()) {
            return Optional.of(Reason.LARGE_HEADER);
        }
        return length > maxOctets ? Optional.of(Reason.TOO_LARGE) : Optional.empty();
    }

    /** Whether it is what an IMAP server keeps in the first message of an mbox. */
    private static boolean isFolderData(byte[] headerSection) {
        return HeaderSummary.of(headerSection).subject().equals(FOLDER_DATA)
                && IMAP_FIELD.matcher(new String(headerSection, StandardCharsets.ISO_8859_1)).find();
    }

    private static NewMail whole(byte[] headerSection, byte[] data) {
        return new NewMail(new StoredMail(MailIds.mint(), headerSection, data.length, false, 1, Optional.of(data)), Digest.of(data));
    }

    /** Behind those that wait, so that the report is in order. */
    private void decide(Optional<String> name, Verdict verdict) {
        small.file();
        report.add(name, verdict);
    }
}
