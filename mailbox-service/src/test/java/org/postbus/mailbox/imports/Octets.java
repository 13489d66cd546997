package org.postbus.mailbox.imports;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Archives of tests, in pieces of any size. */
final class Octets {

    private Octets() {
    }

    static byte[] of(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    static String text(byte[] octets) {
        return new String(octets, StandardCharsets.ISO_8859_1);
    }

    /** A stream whose reads end at each of the places. */
    static InputStream split(byte[] octets, int... places) {
        List<InputStream> pieces = new ArrayList<>();
        int from = 0;
        for (int place : places) {
            pieces.add(new ByteArrayInputStream(Arrays.copyOfRange(octets, from, place)));
            from = place;
        }
        pieces.add(new ByteArrayInputStream(Arrays.copyOfRange(octets, from, octets.length)));
        return new SequenceInputStream(Collections.enumeration(pieces));
    }

    /** A stream of reads of so many octets at most. */
    static InputStream trickle(byte[] octets, int most) {
        return new ByteArrayInputStream(octets) {
            @Override
            public synchronized int read(byte[] out, int from, int length) {
                return super.read(out, from, Math.min(length, most));
            }
        };
    }

    /** The messages as they would be filed, in order; what is skipped as its reason. */
    static List<String> messages(MailArchive archive) throws IOException {
        List<String> messages = new ArrayList<>();
        for (Optional<ArchivedMail> mail = archive.next(); mail.isPresent(); mail = archive.next()) {
            messages.add(mail.get().decided().isPresent() ? mail.get().name().orElse("") + " " + mail.get().decided().get().reason().orElseThrow()
                    : text(new CrlfOctets(mail.get().octets()).readAllBytes()));
        }
        return messages;
    }
}
