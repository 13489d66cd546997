package org.postbus.protocol.smtp;

import java.nio.charset.StandardCharsets;

/**
 * Mail data in chunks of announced length (RFC 3030, section 2). Where a chunk ends never depends on what is in it, so
 * nothing can be smuggled, and a CR or LF alone becomes CRLF. So does the end of mail data that breaks off in a line.
 */
final class ChunkReader implements MailDataReader {

    private static final byte[] CRLF = "\r\n".getBytes(StandardCharsets.US_ASCII);

    private long left;
    private boolean last;
    /** The octet before was a CR, and what it ends is not known yet. */
    private boolean cr;
    private int lineLength;
    private int longestLine;
    private SmtpAction.MailData slice = new SmtpAction.MailData(CRLF, 0, 0);

    /** The next chunk. */
    void begin(long size, boolean lastChunk) {
        left = size;
        last = lastChunk;
    }

    boolean last() {
        return last;
    }

    @Override
    public SmtpAction.MailData slice() {
        return slice;
    }

    @Override
    public int longestLine() {
        return longestLine;
    }

    @Override
    public Found next(Input in) {
        int from = in.at;
        int end = from + (int) Math.min(in.octets.length - from, left);
        for (int i = from; i < end; i++) {
            byte b = in.octets[i];
            boolean bare = b == '\n' ? !cr : cr;
            if (bare && i > from) {
                return slice(in, i);
            }
            if (bare) {
                return repair(in, b);
            }
            cr = b == '\r';
            count(b == '\n');
        }
        if (end > from) {
            return slice(in, end);
        }
        return left > 0 ? Found.NOTHING : last ? endOfLine() : Found.END;
    }

    /** Before an octet that shows a line end to be half of one. */
    private Found repair(Input in, byte b) {
        boolean lineFeed = b == '\n';
        if (lineFeed) {
            in.at++;
            left--;
        }
        return lineFeed ? endLine(0) : endLine(1);
    }

    private Found endOfLine() {
        return cr ? endLine(1) : lineLength > 0 ? endLine(0) : Found.END;
    }

    /** Puts in what lacks of a CRLF, from there on. */
    private Found endLine(int at) {
        cr = false;
        lineLength += CRLF.length - at - 1;
        count(true);
        slice = new SmtpAction.MailData(CRLF, at, CRLF.length - at);
        return Found.SLICE;
    }

    private void count(boolean lineEnds) {
        longestLine = Math.max(longestLine, ++lineLength);
        if (lineEnds) {
            lineLength = 0;
        }
    }

    private Found slice(Input in, int to) {
        slice = new SmtpAction.MailData(in.octets, in.at, to - in.at);
        left -= slice.length();
        in.at = to;
        return Found.SLICE;
    }
}
