package org.postbus.protocol.smtp.client;

import java.nio.charset.StandardCharsets;

/** Transparency (RFC 5321, section 4.5.2): a dot in front of each line of mail data that begins with one, and the end. */
final class DotStuffing {

    private static final byte[] END = ".\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] END_OF_LINE_AND_MAIL = "\r\n.\r\n".getBytes(StandardCharsets.US_ASCII);

    private boolean lineStart = true;

    /** The piece as it goes out; its own octets where nothing has to be put in. Every LF in it belongs to a CRLF. */
    ClientAction.Write stuffed(byte[] octets, int offset, int length) {
        int dots = 0;
        boolean start = lineStart;
        for (int i = offset; i < offset + length; i++) {
            dots += start && octets[i] == '.' ? 1 : 0;
            start = octets[i] == '\n';
        }
        ClientAction.Write write = dots == 0 ? new ClientAction.Write(octets, offset, length)
                : new ClientAction.Write(stuffed(octets, offset, length, dots));
        lineStart = length == 0 ? lineStart : start;
        return write;
    }

    private byte[] stuffed(byte[] octets, int offset, int length, int dots) {
        byte[] stuffed = new byte[length + dots];
        int to = 0;
        boolean start = lineStart;
        for (int i = offset; i < offset + length; i++) {
            if (start && octets[i] == '.') {
                stuffed[to++] = '.';
            }
            stuffed[to++] = octets[i];
            start = octets[i] == '\n';
        }
        return stuffed;
    }

    /** What ends mail data, and the line before where that is open. */
    ClientAction.Write end() {
        return new ClientAction.Write(lineStart ? END : END_OF_LINE_AND_MAIL);
    }
}
