package org.postbus.protocol.message;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The addresses of a header section (RFC 5322, sections 3.4 and 3.6), as its author wrote them. Read tolerantly: what does not
 * look like an address is left out; a field without any counts as one empty address.
 *
 * @param from   of all From fields
 * @param sender of all Sender fields
 * @param others of Reply-To, To, Cc and Bcc fields
 * @param signed whether the mail bears a DKIM signature, which any change of these fields could break
 */
public record AddressFields(List<String> from, List<String> sender, List<String> others, boolean signed) {

    private static final List<String> OTHERS = List.of("Reply-To", "To", "Cc", "Bcc");

    /** @param head the first octets of the mail, the whole header section among them */
    public static AddressFields of(byte[] head) {
        List<String> from = new ArrayList<>();
        List<String> sender = new ArrayList<>();
        List<String> others = new ArrayList<>();
        boolean signed = false;
        HeaderScanner fields = new HeaderScanner(head);
        while (fields.nextField()) {
            signed |= fields.is("DKIM-Signature");
            if (fields.is("From")) {
                from.addAll(addresses(head, fields));
            } else if (fields.is("Sender")) {
                sender.addAll(addresses(head, fields));
            } else if (OTHERS.stream().anyMatch(fields::is)) {
                others.addAll(addresses(head, fields));
            }
        }
        return new AddressFields(from, sender, others, signed);
    }

    private static List<String> addresses(byte[] head, HeaderScanner fields) {
        int start = fields.valueStart();
        List<String> found = new AddressList(new String(head, start, fields.fieldEnd() - start, StandardCharsets.UTF_8)).addresses();
        return found.isEmpty() ? List.of("") : found;
    }
}
