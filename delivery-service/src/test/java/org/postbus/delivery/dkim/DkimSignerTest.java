package org.postbus.delivery.dkim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.NamedParameterSpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

class DkimSignerTest {

    /** The mail of RFC 8463, appendix A.3. */
    private static final byte[] HEADER = Octets.latin1("From: Joe SixPack <joe@football.example.com>\r\n"
            + "To: Suzie Q <suzie@shopping.example.net>\r\nSubject: Is dinner ready?\r\nDate: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)\r\n"
            + "Message-ID: <20030712040037.46341.5F8J@football.example.com>\r\n");
    private static final byte[] BODY = Octets.latin1("Hi.\r\n\r\nWe lost the game.  Are you hungry yet?\r\n\r\nJoe.\r\n");
    private static final String BODY_HASH = "2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=";
    private static final Instant AT = Instant.ofEpochSecond(1528637909);

    private final DkimKey key = new DkimKey("football.example.com", "brisbane", DkimAlgorithm.ED25519_SHA256,
            ed25519("nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A="));

    @Test
    void signsTheExampleOfTheRfc() {
        assertEquals(BODY_HASH, Base64.getEncoder().encodeToString(Octets.bodyHash(BODY)));
        String unsigned = "DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed;\r\n"
                + " d=football.example.com; i=@football.example.com;\r\n q=dns/txt; s=brisbane; t=1528637909; h=from : to :\r\n"
                + " subject : date : message-id : from : subject : date;\r\n bh=" + BODY_HASH + ";\r\n b=";
        List<String> names = List.of("from", "to", "subject", "date", "message-id", "from", "subject", "date");
        assertEquals("/gCrinpcQOoIfuHNQIbq4pgh9kyIK3AQUdt9OdqQehSwhEIug4D11BusFa3bT3FY5OsU7ZbnKELq+eXdp1Q1Dw==",
                Base64.getEncoder().encodeToString(DkimSigner.signature(key, new HeaderSection(HEADER), names, unsigned)));
    }

    @Test
    void writesTheField() {
        assertEquals("DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed;\r\n"
                + " d=football.example.com; s=brisbane; t=1528637909; h=From:From:To:To:Cc\r\n"
                + " :Subject:Subject:Date:Date:Reply-To:Message-ID:Message-ID:Content-Type\r\n"
                + " :MIME-Version; bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;\r\n b=", withoutSignature(field(HEADER)));
    }

    @Test
    void namesEachFieldThatIsThereAndTheImportantOnesOnceMore() {
        String more = "Received: a\r\nSender: b\r\nREFERENCES: c\r\nReferences: d\r\nTo: e\r\nList-ID: f\r\nList-Odd;b=: g\r\nX-Any: h\r\n"
                + "Content-Transfer-Encoding: i\r\nReturn-Path: j\r\nDKIM-Signature: k\r\n";
        assertEquals("From:From:To:To:To:Cc:Subject:Subject:Date:Date:Reply-To:Message-ID:Message-ID:Content-Type:MIME-Version:Sender:"
                + "References:References:Content-Transfer-Encoding:List-ID", names(Octets.concat(Octets.latin1(more), HEADER)));
    }

    @Test
    void hasLinesOf78OctetsAtMost() {
        for (int length = 1; length < 120; length++) {
            String selector = "s".repeat(Math.min(length, 63));
            DkimKey longer = new DkimKey("d".repeat(Math.min(length, 63)) + ".example", selector, key.algorithm(), key.privateKey());
            String field = DkimSigner.field(longer, Octets.concat(HEADER, Octets.latin1("References: a\r\n".repeat(length))),
                    Octets.bodyHash(BODY), AT);
            assertTrue(field.endsWith("\r\n"));
            Arrays.stream(field.split("\r\n")).forEach(line -> assertTrue(line.length() <= FoldedField.MAX_LINE, line));
            Arrays.stream(field.split("\r\n")).skip(1).forEach(line -> assertTrue(line.matches(" \\S.*"), line));
        }
    }

    @Test
    void keepsALongDomainWhole() {
        DkimKey longer = new DkimKey("a.".repeat(120) + "example", "s", key.algorithm(), key.privateKey());
        assertTrue(DkimSigner.field(longer, HEADER, Octets.bodyHash(BODY), AT).contains("\r\n d=" + longer.domain() + ";\r\n"));
    }

    @Test
    void doesNotSignAMailOfNothingButFields() {
        int named = names(HEADER).split(":").length;
        byte[] most = Octets.latin1("References: a\r\n".repeat(DkimSigner.MAX_NAMES - named));
        assertEquals(DkimSigner.MAX_NAMES, names(Octets.concat(HEADER, most)).split(":").length);
        assertEquals("", field(Octets.concat(HEADER, most, Octets.latin1("Sender: a\r\n"))));
    }

    @Test
    void makesOneFieldForEachKey() {
        DkimKey rsa = Keys.of("football.example.com", "test", DkimAlgorithm.RSA_SHA256).key();
        String fields = DkimSigner.fields(List.of(rsa, key), HEADER, Octets.bodyHash(BODY), AT);
        assertEquals(2, fields.split("DKIM-Signature:", -1).length - 1);
        assertTrue(fields.startsWith("DKIM-Signature: v=1; a=rsa-sha256;"), fields);
        assertEquals("", DkimSigner.fields(List.of(), HEADER, Octets.bodyHash(BODY), AT));
    }

    @Test
    void doesNotShowItsKey() {
        assertEquals("DkimKey[brisbane._domainkey.football.example.com, ed25519-sha256]", key.toString());
    }

    private String field(byte[] header) {
        return DkimSigner.field(key, header, Octets.bodyHash(BODY), AT);
    }

    private String names(byte[] header) {
        return field(header).replaceAll("\\s", "").replaceAll(".*;h=([^;]*);.*", "$1");
    }

    private static String withoutSignature(String field) {
        return field.substring(0, field.indexOf(" b=") + 3);
    }

    private static PrivateKey ed25519(String seed) {
        try {
            return KeyFactory.getInstance("Ed25519")
                    .generatePrivate(new EdECPrivateKeySpec(NamedParameterSpec.ED25519, Base64.getDecoder().decode(seed)));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }
}
