package org.postbus.mailbox.imports;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/** Makes tars. */
final class TestTar {

    private static final long HOLE = 1L << 30;

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

    /** One of 1 GiB, of which all but the data at the end is a hole, as old GNU tars have it. */
    TestTar sparseFile(String name, byte[] data) {
        TarArchiveEntry entry = new TarArchiveEntry(name, TarConstants.LF_GNUTYPE_SPARSE);
        entry.setSize(data.length);
        byte[] header = new byte[512];
        entry.writeEntryHeader(header);
        String map = "%011o\0%011o\0".formatted(HOLE, data.length);
        System.arraycopy(Octets.of("ustar  \0"), 0, header, 257, 8);
        java.util.Arrays.fill(header, 345, 512, (byte) 0);
        System.arraycopy(Octets.of(map), 0, header, 386, map.length());
        System.arraycopy(Octets.of("%011o\0".formatted(HOLE + data.length)), 0, header, 483, 12);
        java.util.Arrays.fill(header, 148, 156, (byte) ' ');
        int sum = 0;
        for (byte b : header) {
            sum += b & 0xFF;
        }
        System.arraycopy(Octets.of("%06o\0 ".formatted(sum)), 0, header, 148, 8);
        octets.writeBytes(header);
        octets.writeBytes(data);
        octets.writeBytes(new byte[-data.length & 511]);
        return this;
    }

    /** The same as POSIX tars have it. */
    TestTar paxSparseFile(String name, byte[] data) {
        StringBuilder pax = new StringBuilder();
        for (String field : new String[] {"GNU.sparse.major=1", "GNU.sparse.minor=0", "GNU.sparse.name=" + name,
            "GNU.sparse.realsize=" + (HOLE + data.length)}) {
            pax.append(field.length() + 4).append(' ').append(field).append('\n');
        }
        TarArchiveEntry fields = new TarArchiveEntry("./PaxHeaders/x", TarConstants.LF_PAX_EXTENDED_HEADER_LC);
        fields.setSize(pax.length());
        byte[] map = java.util.Arrays.copyOf(Octets.of("1\n" + HOLE + "\n" + data.length + "\n"), 512 + data.length);
        System.arraycopy(data, 0, map, 512, data.length);
        return put(fields, Octets.of(pax.toString())).file("./GNUSparseFile.1/x", map);
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
