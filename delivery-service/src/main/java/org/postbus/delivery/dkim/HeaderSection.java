package org.postbus.delivery.dkim;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The fields of a header section as octets, whatever their charset. It ends, as everywhere here, at an empty line, at a line that
 * is neither a field nor a continuation, or at the end of the octets.
 */
final class HeaderSection {

    private final byte[] octets;
    private final List<Field> fields = new ArrayList<>();

    /** Offsets: of the name, behind it, and behind the whole field. */
    private record Field(int start, int nameEnd, int end) {
    }

    HeaderSection(byte[] octets) {
        this.octets = octets;
        int at = 0;
        while (at < octets.length) {
            int nameEnd = nameEnd(at);
            if (!hasColon(at, nameEnd)) {
                return;
            }
            int end = fieldEnd(nameEnd);
            fields.add(new Field(at, nameEnd, end));
            at = end;
        }
    }

    int size() {
        return fields.size();
    }

    /** How many fields have this name, in any case of letters. */
    int count(String name) {
        int count = 0;
        for (Field field : fields) {
            count += is(field, name) ? 1 : 0;
        }
        return count;
    }

    /** A field in relaxed canonicalisation: the one that is the {@code nth} of its name from the bottom, counted from 0. */
    Optional<byte[]> relaxed(String name, int nth) {
        int left = nth;
        for (Field field : fields.reversed()) {
            if (is(field, name) && left-- == 0) {
                return Optional.of(relaxed(octets, field.start(), field.end()));
            }
        }
        return Optional.empty();
    }

    /**
     * One field in relaxed canonicalisation (RFC 6376, section 3.4.2): name in lower case, unfolded, runs of white space as one space,
     * none at the ends of name and value; with its CRLF.
     */
    static byte[] relaxed(byte[] octets, int start, int end) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(end - start + 2);
        int at = start;
        while (octets[at] != ':') {
            if (!isWhiteSpace(octets[at])) {
                out.write(octets[at] >= 'A' && octets[at] <= 'Z' ? octets[at] + ('a' - 'A') : octets[at]);
            }
            at++;
        }
        out.write(':');
        boolean space = false;
        boolean text = false;
        for (at++; at < end; at++) {
            if (isLineEnd(octets, at)) {
                at++;
            } else if (isWhiteSpace(octets[at])) {
                space = text;
            } else {
                if (space) {
                    out.write(' ');
                }
                out.write(octets[at]);
                space = false;
                text = true;
            }
        }
        out.write('\r');
        out.write('\n');
        return out.toByteArray();
    }

    private boolean is(Field field, String name) {
        if (field.nameEnd() - field.start() != name.length()) {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            if (lower(octets[field.start() + i]) != lower((byte) name.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private int nameEnd(int at) {
        int i = at;
        while (i < octets.length && octets[i] > ' ' && octets[i] < 127 && octets[i] != ':') {
            i++;
        }
        return i;
    }

    /** A name, then perhaps white space (RFC 5322, section 4.5), then the colon. */
    private boolean hasColon(int at, int nameEnd) {
        int i = nameEnd;
        while (i < octets.length && isWhiteSpace(octets[i])) {
            i++;
        }
        return nameEnd > at && i < octets.length && octets[i] == ':';
    }

    private int fieldEnd(int from) {
        for (int i = from; i < octets.length; i++) {
            if (isLineEnd(octets, i) && (i + 2 >= octets.length || !isWhiteSpace(octets[i + 2]))) {
                return i + 2;
            }
        }
        return octets.length;
    }

    private static boolean isLineEnd(byte[] octets, int i) {
        return octets[i] == '\r' && i + 1 < octets.length && octets[i + 1] == '\n';
    }

    private static boolean isWhiteSpace(byte b) {
        return b == ' ' || b == '\t';
    }

    private static int lower(byte b) {
        return b >= 'A' && b <= 'Z' ? b + ('a' - 'A') : b;
    }
}
