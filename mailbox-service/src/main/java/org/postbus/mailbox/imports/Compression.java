package org.postbus.mailbox.imports;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/** What Dovecot may have compressed mails to, by their first octets. No mail begins like that. */
final class Compression {

    private static final List<byte[]> FIRST_OCTETS = Stream.of(
            "1f8b",                     // gzip
            "28b52ffd",                 // zstd
            "fd377a585a00",             // xz
            "425a6839314159265359",     // bzip2 at level 9, "BZh91AY&SY"
            "446f7665636f742d4c5a340d") // Dovecot's LZ4
            .map(HexFormat.of()::parseHex).toList();

    private Compression() {
    }

    /** Whether the octets, up to the length, begin like one. */
    static boolean begins(byte[] octets, int length) {
        return FIRST_OCTETS.stream().anyMatch(first -> length >= first.length
                && Arrays.equals(first, 0, first.length, octets, 0, first.length));
    }
}
