package org.postbus.protocol.message;

/**
 * Measures a header section while it arrives: its length and its Received fields, by the same rule that
 * {@link HeaderCompletion} cuts it by. Costs one comparison a call once the header section has ended.
 */
public final class HeaderMeter {

    /**
     * Octets of the header section with its empty line. Completion at final delivery rewrites the head of a mail
     * alone, so the header section must lie in the first chunk that a mail travels in.
     */
    public static final int MAX_OCTETS = 256 * 1024;

    private static final byte[] RECEIVED = {'r', 'e', 'c', 'e', 'i', 'v', 'e', 'd'};

    private enum Part { LINE_START, EMPTY_LINE, NAME, NAME_SPACE, VALUE, LINE_END }

    private Part part = Part.LINE_START;
    private int octets;
    private int lineStart;
    private boolean namedReceived;
    private int receivedFields;
    private boolean ended;
    private boolean tooLarge;

    /** Takes the next octets of the mail data, without dot-stuffing. */
    public void update(byte[] data, int from, int to) {
        for (int i = from; i < to && !ended; i++) {
            if (octets == MAX_OCTETS) {
                tooLarge = true;
                ended = true;
                return;
            }
            octet(data[i]);
            octets++;
        }
    }

    /** Whether the header section has ended: no octet that follows belongs to it. */
    public boolean ended() {
        return ended;
    }

    /** Whether the header section did not end within {@link #MAX_OCTETS}. */
    public boolean tooLarge() {
        return tooLarge;
    }

    /** How many Received fields there are so far: the hops of the mail (RFC 5321, section 6.3). */
    public int receivedFields() {
        return receivedFields;
    }

    /** Octets of the header section: of what came so far while it has not ended. */
    public int length() {
        return ended ? lineStart : octets;
    }

    private void octet(byte b) {
        switch (part) {
            case LINE_START -> lineStart(b);
            case EMPTY_LINE -> emptyLine(b);
            case NAME -> name(b);
            case NAME_SPACE -> nameSpace(b);
            case VALUE -> part = b == '\r' ? Part.LINE_END : Part.VALUE;
            case LINE_END -> part = b == '\n' ? Part.LINE_START : b == '\r' ? Part.LINE_END : Part.VALUE;
        }
    }

    private void lineStart(byte b) {
        boolean first = octets == 0;
        lineStart = octets;
        namedReceived = true;
        if (b == '\r') {
            part = Part.EMPTY_LINE;
        } else if (HeaderScanner.isWhiteSpace(b) && !first) {
            part = Part.VALUE;
        } else if (HeaderScanner.isNameOctet(b)) {
            name(b);
        } else {
            ended = true;
        }
    }

    private void emptyLine(byte b) {
        lineStart = b == '\n' ? octets + 1 : lineStart;
        ended = true;
    }

    private void name(byte b) {
        int index = octets - lineStart;
        if (b == ':') {
            endName(index);
        } else if (HeaderScanner.isNameOctet(b)) {
            namedReceived &= index < RECEIVED.length && (b | 0x20) == RECEIVED[index];
            part = Part.NAME;
        } else if (HeaderScanner.isWhiteSpace(b)) {
            namedReceived &= index == RECEIVED.length;
            part = Part.NAME_SPACE;
        } else {
            ended = true;
        }
    }

    private void endName(int length) {
        receivedFields += namedReceived && length == RECEIVED.length ? 1 : 0;
        part = Part.VALUE;
    }

    private void nameSpace(byte b) {
        if (b == ':') {
            endName(RECEIVED.length);
        } else if (!HeaderScanner.isWhiteSpace(b)) {
            ended = true;
        }
    }
}
