package org.postbus.protocol.pop3;

import java.util.Arrays;

/**
 * Cuts the client's octets into lines: commands of {@value #MAX_LINE} octets at most with CRLF (RFC 2449 section 4), or longer
 * responses to a SASL mechanism. What is longer is thrown away as it comes. A line that is not clean is consumed up to its LF,
 * so that the next one is read aright.
 */
final class CommandLines {

    static final int MAX_LINE = 255;
    /** Octets of one line after which nobody can believe in a client any more. */
    private static final int MAX_DISCARDED = 64 * 1024;

    private byte[] input = new byte[0];
    private int at;
    private int discarded;

    /** What the octets so far hold. */
    sealed interface Line {

        /** A clean line, without CRLF. */
        record Clean(byte[] octets) implements Line { }

        /** A line that is too long, or not clean. */
        record Malformed(Response response) implements Line { }

        /** No whole line yet. */
        record Incomplete() implements Line { }

        /** A line without end. */
        record Endless() implements Line { }
    }

    void add(byte[] octets) {
        byte[] joined = Arrays.copyOfRange(input, at, input.length + octets.length);
        System.arraycopy(octets, 0, joined, input.length - at, octets.length);
        input = joined;
        at = 0;
    }

    /** @param longest line that is wanted now, with its CRLF */
    Line next(int longest) {
        for (int i = at; i < input.length; i++) {
            if (input[i] == '\n') {
                byte[] line = Arrays.copyOfRange(input, at, i + 1);
                int length = discarded + line.length;
                at = i + 1;
                discarded = 0;
                return length > longest ? new Line.Malformed(Response.LINE_TOO_LONG) : clean(line);
            }
        }
        return unfinished(longest);
    }

    private Line unfinished(int longest) {
        int length = input.length - at;
        if (discarded + length > longest) {
            discarded += length;
            at = input.length;
        }
        // An idle session keeps no more than the beginning of a line.
        input = Arrays.copyOfRange(input, at, input.length);
        at = 0;
        return discarded > MAX_DISCARDED ? new Line.Endless() : new Line.Incomplete();
    }

    private static Line clean(byte[] line) {
        int end = line.length - 2;
        if (end < 0 || line[end] != '\r') {
            return new Line.Malformed(Response.BAD_LINE);
        }
        for (int i = 0; i < end; i++) {
            if (line[i] == '\r' || line[i] == 0) {
                return new Line.Malformed(Response.BAD_LINE);
            }
        }
        return new Line.Clean(Arrays.copyOf(line, end));
    }
}
