package org.postbus.protocol.message;

/**
 * Walks the fields of a header section.
 *
 * <p>The header section is the leading run of fields. It ends at an empty line, which belongs to it; or at the
 * first line that is neither a field, nor a continuation of one, nor empty, which is body already; or at the end
 * of the octets. A mail that begins with white space has no header section. Only CRLF ends a line.
 *
 * <p>field = 1*%d33-57/59-126 *WSP ":" unstructured CRLF (RFC 5322, sections 2.2 and 4.5).
 */
final class HeaderScanner {

    private final byte[] octets;
    private int start;
    private int colon;
    private int nameEnd;
    private int next;

    HeaderScanner(byte[] octets) {
        this.octets = octets;
    }

    /** Goes to the next field; false at the end of the header section, then {@link #end()} tells where. */
    boolean nextField() {
        start = next;
        if (atEmptyLine(start)) {
            next = start + 2;
            return false;
        }
        if (!readName()) {
            return false;
        }
        do {
            next = lineEnd(next);
        } while (next < octets.length && isWhiteSpace(octets[next]));
        return true;
    }

    /** Offset of the current field's first octet. */
    int fieldStart() {
        return start;
    }

    /** Offset behind the current field, its continuation lines and line end included. */
    int fieldEnd() {
        return next;
    }

    /** Offset behind the current field's name. */
    int nameEnd() {
        return nameEnd;
    }

    /** Offset of the first octet of the current field's value, behind the colon. */
    int valueStart() {
        return colon + 1;
    }

    /** Whether the current field has this name, in any case of letters. */
    boolean is(String name) {
        if (nameEnd - start != name.length()) {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            if (lower(octets[start + i]) != lower((byte) name.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    /** After the last field: the offset behind the header section, its empty line included. */
    int end() {
        return next;
    }

    private boolean readName() {
        int i = start;
        while (i < octets.length && isNameOctet(octets[i])) {
            i++;
        }
        nameEnd = i;
        while (i < octets.length && isWhiteSpace(octets[i])) {
            i++;
        }
        colon = i;
        return nameEnd > start && i < octets.length && octets[i] == ':';
    }

    private boolean atEmptyLine(int i) {
        return i + 1 < octets.length && octets[i] == '\r' && octets[i + 1] == '\n';
    }

    private int lineEnd(int from) {
        for (int i = from; i + 1 < octets.length; i++) {
            if (octets[i] == '\r' && octets[i + 1] == '\n') {
                return i + 2;
            }
        }
        return octets.length;
    }

    static boolean isNameOctet(byte b) {
        return b > ' ' && b < 127 && b != ':';
    }

    static boolean isWhiteSpace(byte b) {
        return b == ' ' || b == '\t';
    }

    private static int lower(byte b) {
        return b >= 'A' && b <= 'Z' ? b + ('a' - 'A') : b;
    }
}
