package org.postbus.protocol.smtp;

/**
 * Frames mail data (RFC 5321, section 4.5.2): takes out the dots that the client put in, and finds the end.
 * CRLF.CRLF ends mail data and nothing else does. A CR or LF alone is a fault: another server may take it for a
 * line end and see a second mail where this one sees text (CVE-2023-51764 and its kin).
 */
final class DataReader implements MailDataReader {

    private enum At { LINE_START, IN_LINE, CR, DOT, DOT_CR }

    private At at = At.LINE_START;
    private int lineLength;
    private int longestLine;
    private SmtpAction.MailData slice = new SmtpAction.MailData(new byte[0], 0, 0);

    @Override
    public SmtpAction.MailData slice() {
        return slice;
    }

    @Override
    public int longestLine() {
        return longestLine;
    }

    /**
     * Reads on to the next dot to take out, or to the end of the mail data or of the input. Slices come before what
     * follows them: after the last slice the next call tells of the end or the fault.
     */
    @Override
    public Found next(Input in) {
        byte[] octets = in.octets;
        int i = in.at;
        int offset = i;
        while (i < octets.length) {
            byte b = octets[i];
            switch (at) {
                case IN_LINE -> {
                    int from = i;
                    while (i < octets.length && octets[i] != '\r' && octets[i] != '\n') {
                        i++;
                    }
                    count(i - from);
                    if (i < octets.length) {
                        if (octets[i] == '\n') {
                            return sliceOr(in, offset, i, Found.BARE_LINE_END);
                        }
                        at = At.CR;
                        i++;
                    }
                }
                case CR -> {
                    if (b != '\n') {
                        return sliceOr(in, offset, i, Found.BARE_LINE_END);
                    }
                    count(2);
                    lineLength = 0;
                    at = At.LINE_START;
                    i++;
                }
                case LINE_START -> {
                    if (b != '.') {
                        at = At.IN_LINE;
                    } else if (i > offset) {
                        return sliceOr(in, offset, i, Found.NOTHING);
                    } else {
                        at = At.DOT;
                        offset = ++i;
                    }
                }
                case DOT -> {
                    at = b == '\r' ? At.DOT_CR : At.IN_LINE;
                    i += b == '\r' ? 1 : 0;
                }
                case DOT_CR -> {
                    in.at = i + 1;
                    return b == '\n' ? Found.END : Found.BARE_LINE_END;
                }
            }
        }
        if (at == At.DOT_CR) {
            offset = i;
        }
        return sliceOr(in, offset, i, Found.NOTHING);
    }

    private void count(int octets) {
        lineLength += octets;
        longestLine = Math.max(longestLine, lineLength);
    }

    private Found sliceOr(Input in, int from, int to, Found other) {
        in.at = to;
        if (to == from) {
            return other;
        }
        slice = new SmtpAction.MailData(in.octets, from, to - from);
        return Found.SLICE;
    }
}
