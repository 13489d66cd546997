package org.postbus.protocol.message;

import java.util.Arrays;

/** As much of a header section as a notification may carry. */
public final class HeaderExcerpt {

    private HeaderExcerpt() {
    }

    /** Whole lines from the beginning of a header section. */
    public static byte[] of(byte[] headerSection, int maxOctets) {
        if (headerSection.length <= maxOctets) {
            return headerSection;
        }
        int end = maxOctets;
        while (end > 0 && headerSection[end - 1] != '\n') {
            end--;
        }
        return Arrays.copyOf(headerSection, end);
    }

    /** The same of a mail, or of its first octets. */
    public static byte[] ofMail(byte[] head, int maxOctets) {
        HeaderScanner fields = new HeaderScanner(head);
        int end = 0;
        while (fields.nextField()) {
            end = fields.fieldEnd();
        }
        return of(Arrays.copyOf(head, end), maxOctets);
    }
}
