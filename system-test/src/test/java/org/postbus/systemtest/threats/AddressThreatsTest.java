package org.postbus.systemtest.threats;

import static org.postbus.systemtest.threats.Wire.expect;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.postbus.systemtest.RunningPlatform;
import org.postbus.systemtest.SharedPlatform;
import org.postbus.systemtest.relay.Relaying;

/** S14, S15, S16, S28: addresses that are none, that lead elsewhere, or belong to others. */
@ExtendWith({SharedPlatform.class, Relaying.Shared.class, ThreatReport.class})
class AddressThreatsTest {

    private static final String LOCAL = "addresses.test";
    private static final String VICTIM = "victim@" + LOCAL;
    private static final List<String> BAD_ADDRESSES = List.of("\"a\0b\"@%s", "a\0@%s", "\"a\tb\"@%s", "a\tb@%s", "\u007f@%s", "\"\u007f\"@%s",
            "a b@%s", "a..b@%s", ".a@%s", "a.@%s", "@%s", "a@", "a@-%s", "a@%s-", "a@%s..", "a@b_%s", "a,b@%s", "a;b@%s", "(a)@%s", "a@(b)%s",
            "<a@%s>", "a\"b\"@%s", "\"a@%s", "\"a\\@%s", "\"\"a\"\"@%s", "a@[127.0.0.256]", "a@[x]", "a@[IPv6:1::2::3]", "a@[127.0.0.1", "a@%s@");
    private static final List<String> RELAY_FORMS = List.of("x@far.test", "x@FAR.TEST", "\"x\"@far.test", "x%%near@far.test", "x@far.test@far.test",
            "@%s:x@far.test", "@%s,@near.test:x@far.test", "x%%far.test@%s", "x%%far.test%%y@%s", "far.test!x@%s", "a!far.test!x@%s",
            "\"x@far.test\"@%s", "\"x%%far.test\"@%s", "x@[127.0.0.1]", "x@[192.0.2.1]", "x@[IPv6:::1]", "x@localhost", "x@127.0.0.1", "x@%s.far.test",
            "x@far.%s", "x@sub.%s", "%s@far.test", "x@%s.", "x@ %s", "victim@%s@far.test", "victim@%s%%far.test", "postmaster@far.test",
            "x@xn--far-.test", "victim\\@%s@far.test", "x:y@far.test", "x/y=z@far.test", "+x@far.test", "=x@far.test", "x@far", "x", "x@");

    private final RunningPlatform platform;

    AddressThreatsTest(RunningPlatform platform) {
        this.platform = platform;
        domain(platform);
        platform.admin().account("b@" + LOCAL, "secret of b");
        platform.admin().alias("alias@" + LOCAL, List.of(VICTIM));
        platform.admin().alias("alias-of-b@" + LOCAL, List.of("b@" + LOCAL));
    }

    private static void domain(RunningPlatform platform) {
        platform.admin().domain(LOCAL);
        platform.admin().account(VICTIM, "secret of the victim");
    }

    @Test
    @DisplayName("S14 control characters and what else is no address: 501 or 553, over SMTP and REST")
    void controlCharacters() throws Exception {
        Row row = new Row("S14", 1000);
        for (int i = 0; i < row.count(); i++) {
            String address = i % 2 == 0 ? row.oneOf(BAD_ADDRESSES).formatted(LOCAL) : withControl(row);
            try (Wire wire = Wire.greeted(platform.smtpPort())) {
                row.answered("MAIL FROM:<" + address + ">", wire.ask("MAIL FROM:<" + address + ">"), "500 5.5.2", "501 ", "553 ");
            }
            try (Wire wire = Wire.greeted(platform.smtpPort())) {
                expect("250", wire.ask("MAIL FROM:<a@client.test>"));
                row.answered("RCPT TO:<" + address + ">", wire.ask("RCPT TO:<" + address + ">"), "500 5.5.2", "501 ", "553 ");
            }
        }
        headerInjection(row);
        overRest(row);
        row.end();
    }

    private static String withControl(Row row) {
        String address = row.random().nextBoolean() ? VICTIM : "\"a b\"@" + LOCAL;
        int at = row.random().nextInt(address.length() + 1);
        char control = (char) (row.random().nextBoolean() ? row.random().nextInt(32) : 0x7F + row.random().nextInt(0x21));
        return address.substring(0, at) + control + address.substring(at);
    }

    /** A line end in a quoted string is the end of the command. */
    private void headerInjection(Row row) throws IOException {
        try (Wire wire = Wire.greeted(platform.smtpPort())) {
            expect("250", wire.ask("MAIL FROM:<a@client.test>"));
            wire.send("RCPT TO:<\"a\r\nRCPT TO:<x>\"@" + LOCAL + ">\r\n");
            row.answered("a path with CRLF", wire.reply(), "501 ");
            row.answered("the second half of it", wire.reply(), "501 ");
        }
        try (Wire wire = Wire.greeted(platform.smtpPort())) {
            expect("250", wire.ask("MAIL FROM:<a@client.test>"));
            // U+760D, whose lower octet is a CR.
            row.answered("U+760D", wire.ask("RCPT TO:<" + latin1("a\u760d\u760ab@") + LOCAL + ">"), "553 5.6.7");
        }
    }

    private static String latin1(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    private void overRest(Row row) {
        for (String escaped : List.of("a\\r\\nb@", "a\\u0000@", "\\\"a\\r\\nb\\\"@", "a\\u202eb@", "a\\ud800@", "a\\u0085@")) {
            String account = "{\"address\":\"" + escaped + LOCAL + "\",\"password\":\"long enough a secret\"}";
            int status = platform.admin().send("POST", "/api/v1/accounts", account).statusCode();
            row.judged(status == 400 || status == 422, "REST took " + escaped + ": " + status);
        }
    }

    @Test
    @DisplayName("S15 nobody relays: 550 or a syntax error for each form, and no connection to anywhere")
    void openRelay(Relaying relaying) throws Exception {
        // One that has a way for every domain.
        RunningPlatform platform = relaying.platform();
        domain(platform);
        int before = relaying.trap().connections();
        Row row = new Row("S15", 1000);
        // All forms, also in the short form.
        for (int i = 0; i < Math.max(row.count(), RELAY_FORMS.size()); i++) {
            String form = RELAY_FORMS.get(i % RELAY_FORMS.size()).formatted(LOCAL);
            String from = row.oneOf(List.of("", "a@client.test", VICTIM, "postmaster@" + LOCAL));
            try (Wire wire = Wire.greeted(platform.smtpPort())) {
                expect("250", wire.ask("MAIL FROM:<" + from + ">"));
                // Where the domain is ours, %, ! and a quoted @ are part of a local part that nobody has.
                boolean ours = form.toLowerCase(Locale.ROOT).endsWith("@" + LOCAL);
                row.answered("RCPT TO:<" + form + "> from <" + from + ">", wire.ask("RCPT TO:<" + form + ">"),
                        ours ? "550 5.1.1" : "550 5.7.1", "501 ", "553 ");
                row.holds(!wire.ask("DATA").startsWith("354"), form + " let DATA pass");
            }
        }
        row.holds(relaying.trap().connections() == before, "connections by the route for all domains");
        row.holds(outbound().isEmpty(), "connections to port 25: " + outbound());
        row.end();
    }

    /** Connections of this machine whose other end is port 25 (0x19), in any state. */
    private static List<String> outbound() throws IOException {
        return Files.readAllLines(Path.of("/proc/net/tcp")).stream().filter(line -> line.trim().split(" +")[2].endsWith(":0019")).toList();
    }

    @Test
    @DisplayName("S16 an account sends as itself alone")
    void addressesOfOthers() throws Exception {
        Row row = new Row("S16", 300);
        List<String> others = List.of("b@" + LOCAL, "alias-of-b@" + LOCAL, "nobody@" + LOCAL, "postmaster@far.test", "x@far.test", "victim@far.test",
                "b+victim@" + LOCAL, "\"victim@" + LOCAL + "\"@" + LOCAL);
        for (int i = 0; i < row.count(); i++) {
            try (Wire wire = Wire.greeted(platform.submissionPort())) {
                logIn(wire);
                String other = others.get(i % others.size());
                row.answered("MAIL FROM:<" + other + ">", wire.ask("MAIL FROM:<" + other + ">"), "553 5.7.1");
                String own = row.oneOf(List.of(VICTIM, "alias@" + LOCAL, "Victim@" + LOCAL, "victim+tag@" + LOCAL, ""));
                row.holds(wire.ask("MAIL FROM:<" + own + ">").startsWith("250 "), "not even " + own);
            }
        }
        row.end();
    }

    private static void logIn(Wire wire) throws IOException {
        byte[] response = ("\0" + VICTIM + "\0secret of the victim").getBytes(StandardCharsets.UTF_8);
        expect("235", wire.ask("AUTH PLAIN " + Base64.getEncoder().encodeToString(response)));
    }

    @Test
    @DisplayName("S28 an address outside ASCII without SMTPUTF8: 553 5.6.7, and no DATA")
    void withoutSmtpUtf8() throws Exception {
        Row row = new Row("S28", 500);
        for (int i = 0; i < row.count(); i++) {
            String letters = latin1(new String(Character.toChars(0xC0 + row.random().nextInt(0x150))));
            String address = i % 2 == 0 ? "a" + letters + "@" + LOCAL : "a@b" + letters + "." + LOCAL;
            try (Wire wire = Wire.greeted(platform.smtpPort())) {
                row.answered("MAIL FROM:<" + address + ">", wire.ask("MAIL FROM:<" + address + ">"), "553 5.6.7", "501 ");
                expect("250", wire.ask("MAIL FROM:<a@client.test>"));
                row.answered("RCPT TO:<" + address + ">", wire.ask("RCPT TO:<" + address + ">"), "553 5.6.7", "501 ");
                row.holds(wire.ask("DATA").startsWith("554 5.5.1"), "DATA behind it");
                expect("250", wire.ask("RSET"));
                row.answered("no UTF-8", wire.ask("MAIL FROM:<a\u00ff@" + LOCAL + "> SMTPUTF8"), "501 ");
            }
        }
        row.end();
    }
}
