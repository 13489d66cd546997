package org.postbus.protocol.fuzz;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.postbus.protocol.transcript.Chunking;

/**
 * What a fuzzer's input means: its first three octets choose, the others are what the peer sends. The digit 0 stands for
 * nothing special, so that a case can be written by hand: {@code 000EHLO client}.
 *
 * @param settings bits that the fuzz test gives a meaning to
 * @param answers  seed of the host's answers; 0: it always agrees
 * @param cut      seed of the lengths of the pieces; 0: one piece
 */
record FuzzCase(int settings, int answers, int cut, byte[] octets) {

    private static final int HEAD = 3;
    private static final int LONGEST_PIECE = 24;
    /** Octets up to which every one of them comes by itself. */
    static final int SMALL = 600;

    static FuzzCase of(byte[] input) {
        byte[] head = Arrays.copyOf(new byte[] {'0', '0', '0'}, HEAD);
        System.arraycopy(input, 0, head, 0, Math.min(HEAD, input.length));
        return new FuzzCase(value(head[0]), value(head[1]), value(head[2]),
                Arrays.copyOfRange(input, Math.min(HEAD, input.length), input.length));
    }

    private static int value(byte octet) {
        return (octet ^ '0') & 0xFF;
    }

    boolean setting(int bit) {
        return (settings >> bit & 1) == 1;
    }

    /** Whether the host agrees to its n-th question. */
    boolean agrees(int question) {
        return answers == 0 || (mixed(answers, question) & 3) != 0;
    }

    /** How the pieces are cut that the input chose. */
    Chunking chunking() {
        return cut == 0 ? Chunking.WHOLE : group -> pieces(group, cut, LONGEST_PIECE);
    }

    /** Every octet by itself; in a large input, where that would take all the time, small pieces at another rhythm. */
    Chunking finely() {
        return octets.length <= SMALL ? Chunking.OCTETS : group -> pieces(group, SMALL, 3 * LONGEST_PIECE);
    }

    private static List<byte[]> pieces(byte[] group, int seed, int longest) {
        List<byte[]> pieces = new ArrayList<>();
        for (int at = 0, n = 0; at < group.length; n++) {
            int end = Math.min(group.length, at + 1 + (mixed(seed, n) & 0xFF) % longest);
            pieces.add(Arrays.copyOfRange(group, at, end));
            at = end;
        }
        return pieces;
    }

    private static int mixed(int seed, int n) {
        int mixed = (seed * 31 + n) * 0x9E3779B9;
        return mixed ^ mixed >>> 15;
    }
}
