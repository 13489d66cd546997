package org.postbus.protocol.message;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A header section field by field, for those who are told of it.
 *
 * @param fields in order
 * @param end    offset behind the header section, its empty line included: there the body begins
 */
public record HeaderFields(List<Field> fields, int end) {

    /** @param value all behind the colon, folded as it is, without the CRLF at its end */
    public record Field(String name, String value) {}

    /** @param head the first octets of a mail, the whole header section among them */
    public static HeaderFields of(byte[] head) {
        List<Field> found = new ArrayList<>();
        HeaderScanner fields = new HeaderScanner(head);
        while (fields.nextField()) {
            String name = text(head, fields.fieldStart(), fields.nameEnd());
            String value = text(head, fields.valueStart(), fields.fieldEnd());
            found.add(new Field(name, value.endsWith("\r\n") ? value.substring(0, value.length() - 2) : value));
        }
        return new HeaderFields(List.copyOf(found), fields.end());
    }

    private static String text(byte[] octets, int from, int to) {
        return new String(octets, from, to - from, StandardCharsets.UTF_8);
    }
}
