package org.postbus.mailbox.imports;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An mbox (RFC 4155) in the reading of mboxrd.
 *
 * <pre>
 * mbox      = *empty *(separator message)
 * separator = "From " [text] date LF / CRLF, at the beginning or behind an empty line
 * date      = that of asctime or RFC 2822, with a zone or without, and "remote from" a host
 * message   = *line [empty]   ; a last empty line is the mbox's
 * line      = text LF / CRLF  ; where it is 1*"&gt;" "From " text, it loses one "&gt;"
 * </pre>
 *
 * <p>Writers that do not quote leave lines in the body that begin with "From ". Hardly any of them ends in a date.
 */
final class Mbox implements MailArchive {

    /** Octets of a line, its end included, in which a separator or a quoted line is looked for. */
    private static final int MAX_LINE = 1000;
    private static final int LOOK_AHEAD = 2 + MAX_LINE;
    private static final byte[] FROM = "From ".getBytes(StandardCharsets.US_ASCII);
    private static final String DAY = "(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)";
    private static final String MONTH = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)";
    private static final String TIME = "[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?";
    private static final String YEAR = "[12][0-9]{3}";
    private static final String ZONE = "(?: +(?:[+-][0-9]{4}|[A-Z]{1,5}(?: DST)?))?";
    private static final String ASCTIME = DAY + " +" + MONTH + " +[0-9]{1,2} +" + TIME + ZONE + " +" + YEAR + ZONE;
    private static final String RFC_2822 = DAY + ",? +[0-9]{1,2} +" + MONTH + " +" + YEAR + " +" + TIME + ZONE;
    private static final Pattern SEPARATOR = Pattern.compile(
            "(?s)From (?:.* )?(?:" + ASCTIME + "|" + RFC_2822 + ")(?: +remote from [^ ]+)?[ \t]*\r?\n");

    private final InputStream in;
    private final byte[] window = new byte[64 * 1024];
    private int at;
    private int end;
    private boolean begun;
    private Message message = new Message();

    Mbox(InputStream in) {
        this.in = in;
    }

    @Override
    public Optional<ArchivedMail> next() throws IOException {
        if (begun) {
            message.transferTo(OutputStream.nullOutputStream());
        } else {
            skipEmptyLines();
        }
        lookAhead();
        if (at == end) {
            return Optional.empty();
        }
        if (!begun && !isSeparator(at)) {
            throw new NotAnArchive("an mbox begins with a line of \"From \", an address and a date");
        }
        begun = true;
        at = lineEnd(at);
        message = new Message();
        return Optional.of(new ArchivedMail(Optional.empty(), Optional.empty(), message));
    }

    /** The lines up to the next separator. */
    private final class Message extends PieceInput {

        private boolean ended;
        private boolean lineStart = true;

        @Override
        public int read(byte[] out, int from, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            if (lineStart && !ended) {
                startLine();
            }
            lineStart = false;
            if (ended || at == end && !more()) {
                return -1;
            }
            int count = 0;
            int most = Math.min(length, end - at);
            while (count < most && !lineStart) {
                lineStart = window[at + count++] == '\n';
            }
            System.arraycopy(window, at, out, from, count);
            at += count;
            return count;
        }

        private void startLine() throws IOException {
            lookAhead();
            int empty = emptyLine();
            if (at + empty == end || empty > 0 && isSeparator(at + empty)) {
                at += empty;
                ended = true;
            } else if (isQuoted()) {
                at++;
            }
        }
    }

    private void skipEmptyLines() throws IOException {
        lookAhead();
        while (emptyLine() > 0) {
            at += emptyLine();
            lookAhead();
        }
    }

    /** Octets of the empty line that begins here; 0 if none does. */
    private int emptyLine() {
        if (at < end && window[at] == '\n') {
            return 1;
        }
        return at + 1 < end && window[at] == '\r' && window[at + 1] == '\n' ? 2 : 0;
    }

    private boolean isSeparator(int from) {
        int lineEnd = lineEnd(from);
        return isFrom(from, lineEnd) && SEPARATOR.matcher(
                new String(window, from, lineEnd - from, StandardCharsets.ISO_8859_1)).matches();
    }

    private boolean isQuoted() {
        int lineEnd = lineEnd(at);
        int i = at;
        while (i < lineEnd && window[i] == '>') {
            i++;
        }
        return i > at && isFrom(i, lineEnd);
    }

    private boolean isFrom(int from, int lineEnd) {
        int i = 0;
        while (i < FROM.length && from + i < lineEnd && window[from + i] == FROM[i]) {
            i++;
        }
        return i == FROM.length;
    }

    /** Behind the line, or behind as much of it as matters. */
    private int lineEnd(int from) {
        int most = Math.min(end, from + MAX_LINE);
        for (int i = from; i < most; i++) {
            if (window[i] == '\n') {
                return i + 1;
            }
        }
        return most;
    }

    /** Sees to it that what decides about a line is in the window, or all that there is. */
    private void lookAhead() throws IOException {
        while (end - at < LOOK_AHEAD && more()) {
            continue;
        }
    }

    private boolean more() throws IOException {
        if (window.length - at < LOOK_AHEAD || at == end) {
            System.arraycopy(window, at, window, 0, end - at);
            end -= at;
            at = 0;
        }
        int count = in.read(window, end, window.length - end);
        end += Math.max(0, count);
        return count > 0;
    }
}
