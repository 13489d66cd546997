package org.postbus.delivery.dsn;

import java.io.ByteArrayOutputStream;

/** The quoted-printable encoding of RFC 2045 section 6.7, for lines of text of which some octets are anything. */
final class QuotedPrintable {

    /** Characters of an encoded line, without the soft line break's own {@code =}. */
    private static final int MAX_LINE = 75;
    private static final String HEX = "0123456789ABCDEF";

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private int column;

    private QuotedPrintable() {
    }

    /** Each CRLF stays a line break; a lone CR or LF, NUL and octets above 126 are encoded. */
    static byte[] encode(byte[] octets) {
        QuotedPrintable encoder = new QuotedPrintable();
        for (int i = 0; i < octets.length; i++) {
            if (isCrlf(octets, i)) {
                encoder.lineBreak();
                i++;
            } else if (isLiteral(octets, i)) {
                encoder.write(new byte[] {octets[i]});
            } else {
                int octet = octets[i] & 0xFF;
                encoder.write(new byte[] {'=', (byte) HEX.charAt(octet >> 4), (byte) HEX.charAt(octet & 0xF)});
            }
        }
        return encoder.out.toByteArray();
    }

    private static boolean isCrlf(byte[] octets, int at) {
        return octets[at] == '\r' && at + 1 < octets.length && octets[at + 1] == '\n';
    }

    /** White space may stand as it is, but not at the end of a line, where transports strip it. */
    private static boolean isLiteral(byte[] octets, int at) {
        byte octet = octets[at];
        if (octet == ' ' || octet == '\t') {
            return at + 1 < octets.length && !isCrlf(octets, at + 1);
        }
        return octet > ' ' && octet < 127 && octet != '=';
    }

    private void write(byte[] encoded) {
        if (column + encoded.length > MAX_LINE) {
            out.write('=');
            lineBreak();
        }
        out.writeBytes(encoded);
        column += encoded.length;
    }

    private void lineBreak() {
        out.write('\r');
        out.write('\n');
        column = 0;
    }
}
