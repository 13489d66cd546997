package org.postbus.systemtest.powercut;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The log of a disk recorder; recorder.h has its layout. The data stays in the file, mapped. */
final class DiskLog implements AutoCloseable {

    private static final int HEADER = 64;
    private static final int MAGIC = 0x50434c31;
    private static final int SYNCED = 1;
    private static final int FOLDER = 2;
    private static final int ALL = 4;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** Octets that were written. */
    record Data(MemorySegment octets) {

        long length() {
            return octets.byteSize();
        }

        ByteBuffer slice(long from, long length) {
            return octets.asSlice(from, length).asByteBuffer();
        }
    }

    private final Arena arena;
    private final String folder;
    private final List<Change> changes = new ArrayList<>();
    /** The earliest time in the rest of the log, from each record on. */
    private final long[] earliest;
    /** The latest time of all records before each. */
    private final long[] latest;

    private DiskLog(Arena arena, MemorySegment log, Path folder) {
        this.arena = arena;
        this.folder = folder + "/";
        for (long at = 0; at + HEADER <= log.byteSize(); ) {
            if (log.get(INT, at) != MAGIC) {
                throw new IllegalStateException("no record at " + at);
            }
            long length = Integer.toUnsignedLong(log.get(INT, at + 4));
            changes.add(change(log.asSlice(at, HEADER), log.asSlice(at + HEADER, length)));
            at += HEADER + length;
        }
        latest = new long[changes.size() + 1];
        for (int n = 0; n < changes.size(); n++) {
            latest[n + 1] = Math.max(latest[n], changes.get(n).nanos());
        }
        earliest = new long[changes.size() + 1];
        earliest[changes.size()] = Long.MAX_VALUE;
        for (int n = changes.size() - 1; n >= 0; n--) {
            earliest[n] = Math.min(earliest[n + 1], changes.get(n).nanos());
        }
    }

    /** Reads the log of the changes below a folder. */
    static DiskLog read(Path log, Path folder) throws IOException {
        Arena arena = Arena.ofShared();
        try (FileChannel channel = FileChannel.open(log)) {
            MemorySegment octets = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
            return new DiskLog(arena, octets, folder.toRealPath());
        }
    }

    List<Change> changes() {
        return changes;
    }

    /**
     * How many of the first records hold all that had happened at a moment of {@link System#nanoTime}. A thread may be
     * held up between taking the time and appending its record, so records are not in the order of their times: the
     * cut is moved to the next place where all earlier times are before it and all later ones behind.
     */
    int until(long nanos) {
        int low = 0;
        int high = changes.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (earliest[middle] > nanos) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        while (latest[low] >= earliest[low]) {
            low++;
        }
        return low;
    }

    /** Happened between the first {@code count} records and the others: what was done before rests on the first alone. */
    long moment(int count) {
        return earliest[count];
    }

    @Override
    public void close() {
        arena.close();
    }

    private Change change(MemorySegment header, MemorySegment payload) {
        byte[] program = header.asSlice(54, 10).toArray(ValueLayout.JAVA_BYTE);
        return new Change(header.get(LONG, 8), header.get(INT, 48), text(program),
                new Change.Inode(header.get(LONG, 16), header.get(LONG, 24)),
                what((char) header.get(ValueLayout.JAVA_BYTE, 52), header.get(ValueLayout.JAVA_BYTE, 53),
                        header.get(LONG, 32), header.get(LONG, 40), payload));
    }

    private Change.What what(char type, int flags, long offset, long length, MemorySegment payload) {
        return switch (type) {
            case 'O' -> new Change.Opened(paths(payload)[0]);
            case 'W' -> new Change.Wrote(offset, new Data(payload), (flags & SYNCED) != 0);
            case 'T' -> new Change.Truncated(length);
            case 'A' -> new Change.Allocated(offset + length);
            case 'R' -> new Change.Renamed(paths(payload)[0], paths(payload)[1]);
            case 'L' -> new Change.Linked(paths(payload)[0], paths(payload)[1]);
            case 'U' -> (flags & FOLDER) != 0
                    ? new Change.RemovedFolder(paths(payload)[0]) : new Change.Unlinked(paths(payload)[0]);
            case 'M' -> new Change.MadeFolder(paths(payload)[0]);
            case 'S' -> new Change.SyncBegins(scope(flags, offset, length, payload));
            case 'E' -> new Change.SyncEnded();
            case 'X' -> throw new IllegalStateException("cannot be recorded: " + text(octets(payload)));
            default -> throw new IllegalStateException("unknown record " + type);
        };
    }

    private Change.Scope scope(int flags, long offset, long length, MemorySegment payload) {
        if ((flags & ALL) != 0) {
            return new Change.Everything();
        }
        if ((flags & FOLDER) != 0) {
            return new Change.Folder(paths(payload)[0]);
        }
        return new Change.Octets(offset, length == 0 ? Long.MAX_VALUE : offset + length);
    }

    private String[] paths(MemorySegment payload) {
        String[] paths = new String(octets(payload), StandardCharsets.UTF_8).split("\0");
        for (int n = 0; n < paths.length; n++) {
            String below = paths[n] + "/";
            if (!below.startsWith(folder)) {
                throw new IllegalStateException(paths[n] + " is not below " + folder);
            }
            paths[n] = below.length() == folder.length() ? "" : paths[n].substring(folder.length());
        }
        return paths;
    }

    private static byte[] octets(MemorySegment payload) {
        return payload.toArray(ValueLayout.JAVA_BYTE);
    }

    private static String text(byte[] octets) {
        return new String(octets, StandardCharsets.UTF_8).replace("\0", "");
    }
}
