package org.postbus.delivery.dkim;

import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** What has to be published for a key (RFC 6376, section 3.6). */
@Schema(name = "DkimRecord")
public record DnsRecord(
        @Schema(examples = "r20261128-1f3a5c._domainkey.example.org") String name,
        @Schema(examples = "TXT") String type,
        @Schema(examples = "v=DKIM1; k=rsa; p=MIIB...", description = "As one text, for forms that split it themselves") String value,
        @Schema(description = "A line of a zone file, in strings of at most 255 octets") String zoneFile) {

    /** Octets of one character-string (RFC 1035, section 3.3). */
    private static final int MAX_STRING = 255;

    static DnsRecord of(StoredKey key) {
        String name = name(key.selector(), key.domain());
        String value = "v=DKIM1; k=" + key.algorithm().keyType() + "; p=" + key.algorithm().publicKey(key.publicKey());
        return new DnsRecord(name, "TXT", value, name + ". IN TXT" + strings(value));
    }

    static String name(String selector, String domain) {
        return selector + "._domainkey." + domain;
    }

    private static String strings(String value) {
        StringBuilder strings = new StringBuilder();
        for (int at = 0; at < value.length(); at += MAX_STRING) {
            strings.append(" \"").append(value, at, Math.min(value.length(), at + MAX_STRING)).append('"');
        }
        return strings.toString();
    }
}
