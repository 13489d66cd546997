package org.postbus.delivery.dkim;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/**
 * Mails that are hard to canonicalise, and what must not happen to them.
 *
 * @param name what is special
 */
record Mail(String name, byte[] header, byte[] body) {

    static final String DOMAIN = "xn--mller-kva.example";

    private static final Instant AT = Instant.parse("2026-11-28T12:00:00.999Z");
    private static final String FROM = "From: Ann <ann@m\u00fcller.example>\r\n";
    private static final String PLAIN = FROM + "To: bob@example.net\r\nSubject: hello\r\nDate: Sat, 28 Nov 2026 12:00:00 +0000\r\n"
            + "Message-ID: <1@m\u00fcller.example>\r\n";

    static Stream<Mail> all() {
        return Stream.of(
                mail("plain", PLAIN, "hello\r\n"),
                mail("no body", PLAIN, ""),
                mail("an empty line for a body", PLAIN, "\r\n"),
                mail("empty lines at the end", PLAIN, "hello\r\n\r\n\r\n\r\n"),
                mail("white space lines at the end", PLAIN, "hello\r\n \t\r\n\t\r\n"),
                mail("empty lines at the beginning", PLAIN, "\r\n\r\nhello\r\n"),
                mail("runs of white space", PLAIN, "a  b\t \tc  \r\n  d\te\t\r\n"),
                mail("lines of dots", PLAIN, ".\r\n..\r\n.hello\r\n"),
                mail("UTF-8", PLAIN + "List-ID: gr\u00fc\u00dfe <l.example>\r\n", "Sch\u00f6ne Gr\u00fc\u00dfe\r\n"),
                new Mail("octets that are no UTF-8", Octets.utf8(PLAIN), new byte[] {(byte) 0xfc, (byte) 0xff, ' ', ' ', '\r', '\n'}),
                mail("white space before colons", PLAIN.replace(":", " \t:"), "hello\r\n"),
                mail("folded fields", "from:\r\n\t Ann\r\n  <ann@m\u00fcller.example> \t\r\nTo: bob@example.net,\r\n\tcid@example.net\r\n"
                        + "SUBJECT:\r\n \r\n hello   again\r\nDate:Sat, 28 Nov 2026 12:00:00 +0000\r\n", "hello\r\n"),
                mail("empty fields", FROM + "Subject:\r\nTo: \t\r\nReply-To:\r\n \r\n", "hello\r\n"),
                mail("repeated fields", "References: <1@a>\r\nTo: a@a.example\r\n" + PLAIN + "References: <2@a>\r\n"
                        + "To: c@c.example\r\nReferences: <3@a>\r\n", "hello\r\n"),
                mail("trace fields", "Return-Path: <ann@example.org>\r\nReceived: from a by b; now\r\n" + PLAIN, "hello\r\n"),
                mail("everything that is signed", PLAIN + "Cc: a@a.example\r\nReply-To: a@a.example\r\nMIME-Version: 1.0\r\n"
                        + "Content-Type: text/plain;\r\n charset=utf-8\r\nSender: s@a.example\r\nIn-Reply-To: <1@a>\r\n"
                        + "Content-Transfer-Encoding: 8bit\r\nList-Unsubscribe: <mailto:u@a.example>\r\n"
                        + "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\nX-Other: not signed\r\n", "hello\r\n"),
                mail("a long field", PLAIN + "References:" + "\r\n <0123456789@example.org>".repeat(9000) + "\r\n",
                        "hello\r\n".repeat(20_000)));
    }

    /** All but those that a verifier, as others wrote it, does not take. */
    static Stream<Mail> allBut(String... names) {
        return all().filter(mail -> !List.of(names).contains(mail.name()));
    }

    /** With the signatures on top. */
    byte[] signed(List<DkimKey> keys) {
        String fields = DkimSigner.fields(keys, header, Octets.bodyHash(body), AT);
        return Octets.concat(Octets.utf8(fields), whole());
    }

    /** Signed, and then changed on the way. */
    static List<byte[]> tampered(List<DkimKey> keys) {
        String signed = new String(mail("", PLAIN + "References: <1@a>\r\n", "hello\r\nyou\r\n").signed(keys), StandardCharsets.UTF_8);
        int fields = signed.indexOf("From:");
        return Stream.of(
                signed.replace("hello\r\nyou", "hello\r\nYou"),
                signed.replace("hello\r\nyou", "hello\r\n\r\nyou"),
                signed.replace("hello\r\nyou", "hello\r\ny ou"),
                signed + "more\r\n",
                signed.replace("Subject: hello", "Subject: hellO"),
                signed.replace("Subject: hello\r\n", ""),
                signed.replace("<1@a>", "<2@a>"),
                signed.replace("; t=", "; t=1"),
                signed.replace(":References", ""),
                signed.substring(0, fields) + "Subject: another\r\n" + signed.substring(fields),
                signed.substring(0, fields) + "From: eve@example.net\r\n" + signed.substring(fields),
                signed.replace("\r\n\r\n", "\r\nCc: eve@example.net\r\n\r\n"),
                signed.replace("\r\n\r\n", "\r\nContent-Type: text/html\r\n\r\n")).map(Octets::utf8).toList();
    }

    private byte[] whole() {
        return Octets.concat(header, Octets.utf8("\r\n"), body);
    }

    private static Mail mail(String name, String header, String body) {
        return new Mail(name, Octets.utf8(header), Octets.utf8(body));
    }

    @Override
    public String toString() {
        return name;
    }
}
