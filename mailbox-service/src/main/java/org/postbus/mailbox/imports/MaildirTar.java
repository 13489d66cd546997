package org.postbus.mailbox.imports;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/** A tar of a Maildir, in the order of the tar. What is no message there is left out without a word. */
final class MaildirTar implements MailArchive {

    /** Octets of the headers of one entry: names may be long, but nobody's are that long. */
    private static final int MAX_HEADERS = 1024 * 1024;

    private static final int BLOCK = 512;

    private final Watched octets;
    private final TarArchiveInputStream tar;

    MaildirTar(InputStream in) {
        octets = new Watched(new BufferedInputStream(in, 64 * 1024));
        tar = new TarArchiveInputStream(octets, StandardCharsets.UTF_8.name());
    }

    @Override
    public Optional<ArchivedMail> next() throws IOException {
        for (TarArchiveEntry entry = entry(); entry != null; entry = entry()) {
            MaildirPath path = MaildirPath.of(entry.getName());
            boolean file = isFile(entry);
            if (path.place() == MaildirPath.Place.ELSEWHERE || !file && !entry.isLink()) {
                continue;
            }
            return Optional.of(new ArchivedMail(Optional.of(path.name()), decided(entry, path, file), tar));
        }
        if (octets.zeros < BLOCK) {
            throw new NotAnArchive("the tar breaks off");
        }
        octets.transferTo(OutputStream.nullOutputStream());
        return Optional.empty();
    }

    private static Optional<Verdict> decided(TarArchiveEntry entry, MaildirPath path, boolean file) {
        if (path.place() == MaildirPath.Place.SUB_FOLDER) {
            return Optional.of(Verdict.skipped(Reason.SUB_FOLDER));
        }
        if (!file) {
            return Optional.of(Verdict.skipped(Reason.HARD_LINK));
        }
        return entry.isSparse() ? Optional.of(Verdict.refused(Reason.SPARSE, entry.getRealSize())) : Optional.empty();
    }

    /** The next entry; null behind the last one. */
    private TarArchiveEntry entry() throws IOException {
        if (tar.getCurrentEntry() != null) {
            pass(tar.getCurrentEntry());
        }
        octets.left = MAX_HEADERS;
        try {
            TarArchiveEntry entry = tar.getNextEntry();
            if (entry != null && !entry.isCheckSumOK()) {
                throw new NotAnArchive("it is no tar, or it is damaged");
            }
            return entry;
        } catch (IllegalArgumentException e) {
            throw new NotAnArchive("the tar is damaged: " + e.getMessage());
        } finally {
            octets.left = Long.MAX_VALUE;
        }
    }

    /** Goes behind an entry's octets. A sparse one has few of them and any number of zeros, which are not counted out. */
    private void pass(TarArchiveEntry entry) throws IOException {
        if (!entry.isSparse()) {
            tar.transferTo(OutputStream.nullOutputStream());
            return;
        }
        tar.skip(Long.MAX_VALUE);
        if (octets.ended) {
            throw new NotAnArchive("the tar breaks off");
        }
    }

    private static boolean isFile(TarArchiveEntry entry) {
        return switch (entry.getLinkFlag()) {
            case TarConstants.LF_OLDNORM, TarConstants.LF_NORMAL, TarConstants.LF_CONTIG, TarConstants.LF_GNUTYPE_SPARSE ->
                !entry.getName().endsWith("/");
            default -> false;
        };
    }

    /** The tar's octets: bounded where they are headers, and with a count of the zeros that they end in so far. */
    private static final class Watched extends PieceInput {

        private final InputStream in;
        private long left = Long.MAX_VALUE;
        private long zeros;
        private boolean ended;

        Watched(InputStream in) {
            this.in = in;
        }

        @Override
        public int read(byte[] out, int from, int length) throws IOException {
            if (left <= 0) {
                throw new NotAnArchive("the headers of an entry are over " + MAX_HEADERS + " octets");
            }
            int count = in.read(out, from, (int) Math.min(length, left));
            if (count <= 0) {
                ended = count < 0;
                return count;
            }
            int i = count;
            while (i > 0 && out[from + i - 1] == 0) {
                i--;
            }
            zeros = i == 0 ? zeros + count : count - i;
            left -= count;
            return count;
        }

        /** By reading, so that no octet goes by unseen; all of them, unless the tar ends before. */
        @Override
        public long skip(long count) throws IOException {
            byte[] skipped = new byte[(int) Math.clamp(count, 0, 8192)];
            long done = 0;
            while (done < count && !ended) {
                done += Math.max(0, read(skipped, 0, (int) Math.min(skipped.length, count - done)));
            }
            return done;
        }
    }
}
