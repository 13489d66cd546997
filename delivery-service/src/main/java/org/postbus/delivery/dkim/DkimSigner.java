package org.postbus.delivery.dkim;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Makes DKIM-Signature fields (RFC 6376), relaxed/relaxed, over the whole body.
 *
 * <p>What a reader is shown and what decides how it is shown is signed: every such field that is there, repeated ones from the
 * bottom up (section 5.4.2). The most important ones are named once more than they are there, so that adding one breaks the
 * signature (section 8.15). Trace fields are never signed: they change on the way.
 */
public final class DkimSigner {

    /** Names in {@code h=}. A mail with more fields to sign is no mail that people write; its signature could be of any size. */
    static final int MAX_NAMES = 200;

    private static final List<String> OVERSIGNED = List.of("From", "To", "Cc", "Subject", "Date", "Reply-To", "Message-ID",
            "Content-Type", "MIME-Version");

    /** By name, those of lists too (RFC 2369, 2919, 8058): a name of the mail's own choosing could hold what ends a tag. */
    private static final List<String> SIGNED = List.of("Sender", "In-Reply-To", "References", "Content-Transfer-Encoding",
            "Content-Disposition", "Content-ID", "Content-Description", "List-ID", "List-Help", "List-Subscribe", "List-Unsubscribe",
            "List-Unsubscribe-Post", "List-Post", "List-Owner", "List-Archive");

    private DkimSigner() {
    }

    /**
     * The signatures of all keys, above the mail's fields.
     *
     * @see #field
     */
    public static String fields(List<DkimKey> keys, byte[] headerSection, byte[] bodyHash, Instant at) {
        return keys.stream().map(key -> field(key, headerSection, bodyHash, at)).collect(Collectors.joining());
    }

    /**
     * A DKIM-Signature field, in lines of at most 78 octets unless the domain is longer, with CRLF at its end. Empty if
     * the mail has more than {@value #MAX_NAMES} fields to sign.
     *
     * @param headerSection as it is sent below the signature; with or without the empty line at its end
     * @param bodyHash      of {@link BodyHash}
     * @param at            the time of the signature; its fraction of a second is dropped
     */
    public static String field(DkimKey key, byte[] headerSection, byte[] bodyHash, Instant at) {
        HeaderSection section = new HeaderSection(headerSection);
        List<String> names = names(section);
        if (names.size() > MAX_NAMES) {
            return "";
        }
        FoldedField field = unsigned(key, names, bodyHash, at);
        byte[] signature = signature(key, section, names, field.toString());
        return field.anywhere(Base64.getEncoder().encodeToString(signature)) + "\r\n";
    }

    /**
     * What stands in {@code b=}.
     *
     * @param names    of the signed fields; one that is there less often stands for a field that is not there
     * @param unsigned the signature field with nothing in its {@code b=}, and without CRLF (RFC 6376, section 3.7)
     */
    static byte[] signature(DkimKey key, HeaderSection section, List<String> names, String unsigned) {
        ByteArrayOutputStream canonical = new ByteArrayOutputStream();
        Map<String, Integer> taken = new HashMap<>();
        for (String name : names) {
            section.relaxed(name, taken.merge(name, 1, Integer::sum) - 1).ifPresent(canonical::writeBytes);
        }
        byte[] field = unsigned.getBytes(StandardCharsets.US_ASCII);
        byte[] relaxed = HeaderSection.relaxed(field, 0, field.length);
        canonical.write(relaxed, 0, relaxed.length - 2);
        try {
            return key.algorithm().sign(key.privateKey(), canonical.toByteArray());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(key + " does not sign", e);
        }
    }

    private static List<String> names(HeaderSection section) {
        List<String> names = new ArrayList<>();
        OVERSIGNED.forEach(name -> add(names, name, section.count(name) + 1));
        SIGNED.forEach(name -> add(names, name, section.count(name)));
        return names;
    }

    private static void add(List<String> names, String name, int times) {
        for (int i = 0; i < times && names.size() <= MAX_NAMES; i++) {
            names.add(name);
        }
    }

    private static FoldedField unsigned(DkimKey key, List<String> names, byte[] bodyHash, Instant at) {
        FoldedField field = new FoldedField("DKIM-Signature:").word("v=1;").word("a=" + key.algorithm().tag() + ";")
                .word("c=relaxed/relaxed;").word("d=" + key.domain() + ";").word("s=" + key.selector() + ";")
                .word("t=" + at.getEpochSecond() + ";").word("h=" + names.getFirst());
        names.stream().skip(1).forEach(name -> field.part(":" + name));
        return field.part(";").word("bh=" + Base64.getEncoder().encodeToString(bodyHash) + ";").line("b=");
    }
}
