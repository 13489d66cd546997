package org.postbus.mailbox.filing;

import java.util.Arrays;

/** As much of a header section as a failure may carry: whole lines from its beginning. */
final class HeaderExcerpt {

    private HeaderExcerpt() {
    }

    static byte[] of(byte[] headerSection, int maxOctets) {
        if (headerSection.length <= maxOctets) {
            return headerSection;
        }
        int end = maxOctets;
        while (end > 0 && headerSection[end - 1] != '\n') {
            end--;
        }
        return Arrays.copyOf(headerSection, end);
    }
}
