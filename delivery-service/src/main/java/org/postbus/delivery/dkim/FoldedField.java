package org.postbus.delivery.dkim;

/** Writes a field in lines of 78 octets at most, as far as its words let it (RFC 5322, section 2.2.3). */
final class FoldedField {

    static final int MAX_LINE = 78;

    private final StringBuilder text;
    private int column;

    /** @param start the name with its colon */
    FoldedField(String start) {
        this.text = new StringBuilder(start);
        this.column = start.length();
    }

    /** Goes on with a space and a word. */
    FoldedField word(String word) {
        return column + 1 + word.length() > MAX_LINE ? line(word) : append(" " + word);
    }

    /** Goes on with what may be torn off by white space but need not, such as a name in a list. */
    FoldedField part(String part) {
        return column + part.length() > MAX_LINE ? line(part) : append(part);
    }

    /** Begins a line. */
    FoldedField line(String word) {
        text.append("\r\n");
        column = 0;
        return append(" " + word);
    }

    /** Goes on with what may be torn anywhere, such as base64. */
    FoldedField anywhere(String word) {
        int at = 0;
        while (at < word.length()) {
            if (column == MAX_LINE) {
                line("");
            }
            int end = Math.min(word.length(), at + MAX_LINE - column);
            append(word.substring(at, end));
            at = end;
        }
        return this;
    }

    @Override
    public String toString() {
        return text.toString();
    }

    private FoldedField append(String word) {
        text.append(word);
        column += word.length();
        return this;
    }
}
