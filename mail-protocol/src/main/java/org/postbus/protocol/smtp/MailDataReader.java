package org.postbus.protocol.smtp;

/** Takes mail data out of the input, slice by slice, and finds its end. */
sealed interface MailDataReader permits DataReader, ChunkReader {

    /** What {@link #next} found. */
    enum Found {
        /** Mail data: {@link #slice}. */
        SLICE,
        /** The end of the mail data, or of the chunk. */
        END,
        /** A CR or LF alone, where that is a fault. */
        BARE_LINE_END,
        /** The input is read. */
        NOTHING
    }

    Found next(Input in);

    /** What was found last. */
    SmtpAction.MailData slice();

    /** Octets of the longest line so far, its CRLF included. */
    int longestLine();
}
