package org.postbus.protocol.transcript;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** How the octets of one client group are cut into writes. A server must not be able to tell. */
@FunctionalInterface
public interface Chunking {

    /** The pieces of the group, in order, none of them empty. */
    List<byte[]> cut(byte[] group);

    /** The whole group in one write. */
    Chunking WHOLE = group -> group.length == 0 ? List.of() : List.of(group);

    /** Every octet in a write of its own. */
    Chunking OCTETS = group -> IntStream.range(0, group.length).mapToObj(i -> new byte[] {group[i]}).toList();

    /** Every group that is longer than {@code point} in two writes, cut there. */
    static Chunking splitAt(int point) {
        return group -> point <= 0 || point >= group.length
                ? WHOLE.cut(group)
                : List.of(Arrays.copyOf(group, point), Arrays.copyOfRange(group, point, group.length));
    }
}
