package org.postbus.delivery.dsn;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.postbus.events.Envelope;

/**
 * What of the reported mail goes back, as the last part of a notification.
 *
 * @param type     its media type
 * @param encoding its Content-Transfer-Encoding
 * @param encoded  its octets as they stand in the notification
 */
record ReturnedContent(String type, String encoding, byte[] encoded) {

    private static final int MAX_LINE = 998;

    static ReturnedContent of(Report report) {
        boolean international = isInternational(report.envelope(), report.headerSection());
        return report.returnedMail().map(mail -> whole(mail, international))
                .orElseGet(() -> headerSection(report.headerSection(), international));
    }

    boolean isSevenBit() {
        return isSevenBit(encoded);
    }

    /** As it is, since message/rfc822 may not be encoded (RFC 2046 section 5.2.1); message/global may (RFC 6532 section 3.7). */
    private static ReturnedContent whole(byte[] mail, boolean international) {
        if (international) {
            return new ReturnedContent("message/global", "quoted-printable", QuotedPrintable.encode(mail));
        }
        return new ReturnedContent("message/rfc822", isSevenBit(mail) ? "7bit" : "8bit", mail);
    }

    /** As it is where it is plain text; encoded, which the type allows, where anything in it could break the lines. */
    private static ReturnedContent headerSection(byte[] headers, boolean international) {
        if (isPlain(headers)) {
            return new ReturnedContent("text/rfc822-headers", "7bit", headers);
        }
        return new ReturnedContent(international ? "message/global-headers" : "text/rfc822-headers", "quoted-printable",
                QuotedPrintable.encode(headers));
    }

    /** Whether the header fields are those of RFC 6532, announced (SMTPUTF8) and written so. */
    private static boolean isInternational(Envelope envelope, byte[] headers) {
        return envelope.protocol().startsWith("UTF8SMTP") && !isSevenBit(headers) && isUtf8(headers);
    }

    private static boolean isUtf8(byte[] octets) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(octets));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    private static boolean isPlain(byte[] octets) {
        int length = 0;
        for (int i = 0; i < octets.length; i++) {
            boolean lineEnd = octets[i] == '\r' && i + 1 < octets.length && octets[i + 1] == '\n';
            if (lineEnd) {
                i++;
                length = 0;
            } else if (++length > MAX_LINE || octets[i] != '\t' && (octets[i] < ' ' || octets[i] == 127)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isSevenBit(byte[] octets) {
        for (byte octet : octets) {
            if (octet < 0) {
                return false;
            }
        }
        return true;
    }
}
