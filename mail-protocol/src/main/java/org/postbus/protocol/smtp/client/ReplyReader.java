package org.postbus.protocol.smtp.client;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Frames replies (RFC 5321, section 4.2) of a remote that may be hostile: whatever it sends, no more is kept than one reply of the
 * limits below and what the host read behind it, and no octet of a text is anything but printable ASCII.
 *
 * <p>A bare LF ends a line too: some servers write it, and nobody but the remote itself could gain by it.
 */
final class ReplyReader {

    /** Octets of a line with its end; RFC 5321, section 4.5.3.1.5, says 512. */
    static final int MAX_LINE = 2048;
    static final int MAX_LINES = 200;
    /** Octets of a reply. */
    static final int MAX_REPLY = 64 * 1024;
    /** Octets that wait while nobody asks for a reply. */
    static final int MAX_UNREAD = 2 * MAX_REPLY;

    private static final int CODE_DIGITS = 3;

    /** What {@link #next} found. */
    sealed interface Found {
        /** @param lines without code, printable ASCII; at least one */
        record Whole(int code, List<String> lines) implements Found {}

        /** What came is no reply: the connection cannot go on. */
        record Fault(String text) implements Found {}

        /** No whole reply yet. */
        record Nothing() implements Found {}
    }

    private static final Found NOTHING = new Found.Nothing();

    private byte[] octets = new byte[0];
    private int at;
    private int end;
    /** Up to there no line end was found. */
    private int scanned;
    private final List<String> lines = new ArrayList<>();
    private int code;
    private int octetsOfReply;
    private boolean overflown;

    /** Takes a copy. */
    void append(byte[] more, int from, int length) {
        overflown |= end - at + (long) length > MAX_UNREAD;
        if (overflown) {
            drop();
            return;
        }
        if (end + length > octets.length) {
            makeRoom(length);
        }
        System.arraycopy(more, from, octets, end, length);
        end += length;
    }

    private void makeRoom(int length) {
        int unread = end - at;
        byte[] room = unread + length <= octets.length ? octets : new byte[Math.max(unread + length, 2 * unread)];
        System.arraycopy(octets, at, room, 0, unread);
        octets = room;
        scanned -= at;
        at = 0;
        end = unread;
    }

    /** Whether every octet that came belongs to a reply that was handed out. */
    boolean isEmpty() {
        return at == end && lines.isEmpty() && !overflown;
    }

    void drop() {
        octets = new byte[0];
        at = 0;
        end = 0;
        scanned = 0;
        lines.clear();
    }

    /** Reads on to the end of the next reply. After a fault nothing else comes. */
    Found next() {
        if (overflown) {
            return new Found.Fault("more octets than any reply has");
        }
        while (true) {
            while (scanned < end && octets[scanned] != '\n') {
                scanned++;
            }
            if (Math.min(scanned + 1, end) - at > MAX_LINE) {
                return new Found.Fault("reply line over " + MAX_LINE + " octets");
            }
            if (scanned == end) {
                return NOTHING;
            }
            Found found = line(cleaned(at, lineEnd()), scanned + 1 - at);
            at = ++scanned;
            if (found != NOTHING) {
                return found;
            }
        }
    }

    private int lineEnd() {
        return scanned > at && octets[scanned - 1] == '\r' ? scanned - 1 : scanned;
    }

    private String cleaned(int from, int to) {
        byte[] text = Arrays.copyOfRange(octets, from, to);
        for (int i = 0; i < text.length; i++) {
            text[i] = text[i] == '\t' ? (byte) ' ' : text[i] < ' ' || text[i] > '~' ? (byte) '?' : text[i];
        }
        return new String(text, StandardCharsets.US_ASCII);
    }

    // Reply-line = *( Reply-code "-" [ textstring ] CRLF ) Reply-code [ SP textstring ] CRLF
    private Found line(String line, int length) {
        if (!startsWithCode(line)) {
            return new Found.Fault("not a reply: " + line.substring(0, Math.min(line.length(), 100)));
        }
        int codeOfLine = Integer.parseInt(line.substring(0, CODE_DIGITS));
        if (!lines.isEmpty() && codeOfLine != code) {
            return new Found.Fault("codes " + code + " and " + codeOfLine + " in one reply");
        }
        code = codeOfLine;
        octetsOfReply = lines.isEmpty() ? length : octetsOfReply + length;
        lines.add(line.substring(Math.min(line.length(), CODE_DIGITS + 1)));
        if (lines.size() > MAX_LINES || octetsOfReply > MAX_REPLY) {
            return new Found.Fault("reply over " + MAX_LINES + " lines or " + MAX_REPLY + " octets");
        }
        return line.startsWith("-", CODE_DIGITS) ? NOTHING : whole();
    }

    private Found whole() {
        Found found = new Found.Whole(code, List.copyOf(lines));
        lines.clear();
        return found;
    }

    private static boolean startsWithCode(String line) {
        return line.length() >= CODE_DIGITS && line.charAt(0) >= '1' && line.charAt(0) <= '5' && isDigit(line.charAt(1))
                && isDigit(line.charAt(2)) && (line.length() == CODE_DIGITS || " -".indexOf(line.charAt(CODE_DIGITS)) >= 0);
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
