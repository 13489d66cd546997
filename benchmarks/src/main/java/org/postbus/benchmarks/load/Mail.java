package org.postbus.benchmarks.load;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Mail data ready to be written to a socket, made once and shared by all sessions. */
public record Mail(int octets, ByteBuffer data) {

    private static final String HEADER = "From: load@load.test\r\nTo: load@load.test\r\nSubject: load\r\n"
            + "Date: Mon, 23 Nov 2026 12:00:00 +0000\r\nMessage-ID: <load@load.test>\r\n\r\n";
    private static final String LINE = "abcdefghijklmnopqrstuvwxyz0123456789 ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789\r\n";

    static Mail of(int octets) {
        return new Mail(octets, direct(text(octets) + ".\r\n"));
    }

    /** A header and lines of text, all ended by CRLF, as near to that many octets as whole lines come. */
    public static String text(int octets) {
        return HEADER + LINE.repeat(Math.max(1, (octets - HEADER.length()) / LINE.length()));
    }

    /** Off the heap: a socket takes it from there without a copy. */
    static ByteBuffer direct(String text) {
        byte[] octets = text.getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocateDirect(octets.length).put(octets).flip().asReadOnlyBuffer();
    }
}
