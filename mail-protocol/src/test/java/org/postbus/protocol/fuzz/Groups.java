package org.postbus.protocol.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A session as a client sends it that waits for a reply where it has to (RFC 2920, section 3.1): what follows in the same write
 * is refused there, so a cut that is tested for making no difference must never lie in front of it. A cut too many does no harm.
 */
final class Groups {

    private static final Pattern LAST_OF_A_GROUP = Pattern.compile("(?i)(EHLO|HELO|DATA|AUTH|STARTTLS)[^\n]*\n");

    private Groups() {}

    static List<byte[]> of(byte[] session) {
        String text = new String(session, StandardCharsets.ISO_8859_1);
        List<byte[]> groups = new ArrayList<>();
        int at = 0;
        for (Matcher last = LAST_OF_A_GROUP.matcher(text); last.find(); at = last.end()) {
            groups.add(text.substring(at, last.end()).getBytes(StandardCharsets.ISO_8859_1));
        }
        groups.add(text.substring(at).getBytes(StandardCharsets.ISO_8859_1));
        return groups;
    }
}
