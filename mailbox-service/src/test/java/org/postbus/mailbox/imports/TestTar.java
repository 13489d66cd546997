package org.postbus.mailbox.imports;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/** Makes tars. */
final class TestTar {

    private final ByteArrayOutputStream octets = new ByteArrayOutputStream();
    private final TarArchiveOutputStream tar = new TarArchiveOutputStream(octets);

    TestTar() {
        tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_GNU);
    }

    TestTar file(String name, String text) {
        return file(name, Octets.of(text));
    }

    TestTar file(String name, byte[] data) {
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setSize(data.length);
        return put(entry, data);
    }

    TestTar folder(String name) {
        return put(new TarArchiveEntry(name), new byte[0]);
    }

    TestTar hardLink(String name, String target) {
        return link(name, target, TarConstants.LF_LINK);
    }

    TestTar symbolicLink(String name, String target) {
        return link(name, target, TarConstants.LF_SYMLINK);
    }

    byte[] octets() {
        try {
            tar.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return octets.toByteArray();
    }

    /** The header of a GNU long name of so many octets, and no name. */
    byte[] longName(long length) {
        TarArchiveEntry entry = new TarArchiveEntry(TarConstants.GNU_LONGLINK, TarConstants.LF_GNUTYPE_LONGNAME);
        entry.setSize(length);
        byte[] header = new byte[512];
        entry.writeEntryHeader(header);
        return header;
    }

    private TestTar link(String name, String target, byte flag) {
        TarArchiveEntry entry = new TarArchiveEntry(name, flag);
        entry.setLinkName(target);
        return put(entry, new byte[0]);
    }

    private TestTar put(TarArchiveEntry entry, byte[] data) {
        try {
            tar.putArchiveEntry(entry);
            tar.write(data);
            tar.closeArchiveEntry();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }
}
