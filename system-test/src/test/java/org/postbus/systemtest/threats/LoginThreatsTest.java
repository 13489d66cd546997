package org.postbus.systemtest.threats;

import static org.postbus.systemtest.threats.Wire.expect;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.postbus.systemtest.RunningPlatform;

/** S17, S18, S20: what a guesser learns, and what guessing costs whom. */
@ExtendWith({StrictPlatform.class, ThreatReport.class})
class LoginThreatsTest {

    private static final String RIGHT = "a right pass phrase";
    private static final int FAILURES_OF_AN_ACCOUNT = 20;
    private static final int ABORTS_OF_A_SESSION = 20;
    private static final int HEAP_KIB = 16 * 1024;
    private static final double OF_LIKE_TIME = 2.0;

    private final RunningPlatform platform;

    LoginThreatsTest(RunningPlatform platform) {
        this.platform = platform;
        platform.admin().domain("logins.test");
    }

    @Test
    @DisplayName("S17 wrong passwords are counted for the account over SMTP and POP3 together")
    void guessing() throws Exception {
        Row row = new Row("S17", 200);
        for (int round = 0; round * FAILURES_OF_AN_ACCOUNT < row.count(); round++) {
            String account = account("guessed" + round);
            // What one client may get wrong is another limit.
            String source = "127.0.4." + (1 + round / 4);
            for (int n = 0; n < FAILURES_OF_AN_ACCOUNT; n++) {
                boolean smtp = n % 2 == 0;
                row.answered("guess " + n + " of " + account, smtp ? smtp(source, account, "wrong" + n) : pop3(source, account, "wrong" + n),
                        smtp ? "535 5.7.8" : "-ERR [AUTH]");
            }
            row.answered("the right password, over SMTP, after them", smtp(source, account, RIGHT), "454 4.7.0");
            row.answered("the right password, over POP3, after them", pop3("127.0.5.1", account, RIGHT), "-ERR [SYS/TEMP]");
            row.holds(smtp("127.0.5.1", account("other"), RIGHT).startsWith("235"), "another account is shut as well");
        }
        row.end();
    }

    @Test
    @DisplayName("S18 nobody learns whether an account exists: the same octets, after the same time")
    void enumeration() throws Exception {
        Row row = new Row("S18", 120);
        List<Long> known = new ArrayList<>();
        List<Long> unknown = new ArrayList<>();
        for (int i = 0; i < row.count(); i++) {
            String account = account("known" + i / 8);
            String nobody = "unknown" + i / 8 + "@logins.test";
            String source = "127.0.6." + (1 + i / 15);
            same(row, "AUTH", smtp(source, account, "wrong", known), smtp(source, nobody, "wrong", unknown));
            same(row, "PASS", pop3(source, account, "wrong"), pop3(source, nobody, "wrong"));
            same(row, "USER", user(account), user(nobody));
            same(row, "VRFY", command("VRFY " + account), command("VRFY " + nobody));
            same(row, "EXPN", command("EXPN " + account), command("EXPN " + nobody));
        }
        row.holds(command("VRFY a").startsWith("252 ") && command("EXPN a").startsWith("502 "), "VRFY and EXPN");
        // A time says something only where there are many.
        double ratio = (double) median(known) / median(unknown);
        row.holds(!Extent.LONG || ratio < OF_LIKE_TIME && ratio > 1 / OF_LIKE_TIME, "a login of a known account takes " + ratio + " times as long");
        row.end();
    }

    private static void same(Row row, String what, String known, String unknown) {
        row.judged(known.equals(unknown), what + ": " + known + " and " + unknown);
    }

    private static long median(List<Long> times) {
        return times.stream().sorted().skip(times.size() / 2).findFirst().orElseThrow();
    }

    @Test
    @DisplayName("S20 aborted exchanges leave nothing: not in the heap, and not for the next session")
    void abortedExchanges() throws Exception {
        Row row = new Row("S20", 10_000);
        LiveHeap heap = new LiveHeap(platform);
        long before = heap.kib();
        for (int session = 0; session * ABORTS_OF_A_SESSION < row.count(); session++) {
            try (Wire wire = Wire.greeted(platform.submissionPort())) {
                for (int n = 0; n < ABORTS_OF_A_SESSION; n++) {
                    abort(row, wire);
                }
                expect("334", wire.ask("AUTH LOGIN"));
                row.holds(wire.ask("*").startsWith("421 4.7.0"), "abort " + (ABORTS_OF_A_SESSION + 1));
            }
        }
        long after = heap.kib();
        row.holds(after - before < HEAP_KIB, "the heap grew from " + before + " to " + after + " KiB");
        nothingShared(row);
        row.end();
    }

    private static void abort(Row row, Wire wire) throws IOException {
        String mechanism = row.oneOf(List.of("PLAIN", "LOGIN"));
        expect("334", wire.ask("AUTH " + mechanism));
        String response = row.oneOf(List.of("*", "=", "a", "====", "AA=A", "\u00e9\u00e9\u00e9\u00e9", base64("\0\0"), "A".repeat(4000)));
        String answer = wire.ask(response);
        // LOGIN takes any name.
        row.answered(mechanism + " " + response, answer.startsWith("334") ? wire.ask("*") : answer, "501 5.7.0", "501 5.5.2");
    }

    /** The name that one session gave is no other's, and a second login of one session is refused. */
    private void nothingShared(Row row) throws IOException {
        String account = account("shared");
        try (Wire one = Wire.greeted(platform.submissionPort()); Wire other = Wire.greeted(platform.submissionPort())) {
            expect("334", one.ask("AUTH LOGIN"));
            expect("334", other.ask("AUTH LOGIN"));
            expect("334", one.ask(base64(account)));
            row.holds(other.ask(base64(RIGHT)).startsWith("334"), "a name of another session was taken for this one's");
            row.holds(one.ask(base64(RIGHT)).startsWith("235"), "the right password");
            row.holds(one.ask("AUTH LOGIN").startsWith("503 "), "a second login");
        }
    }

    private String account(String name) {
        platform.admin().account(name + "@logins.test", RIGHT);
        return name + "@logins.test";
    }

    private String smtp(String source, String name, String password) throws IOException {
        return smtp(source, name, password, new ArrayList<>());
    }

    private String smtp(String source, String name, String password, List<Long> times) throws IOException {
        try (Wire wire = Wire.from(source, platform.submissionPort()).greet()) {
            long since = System.nanoTime();
            String answer = wire.ask("AUTH PLAIN " + base64("\0" + name + "\0" + password));
            times.add(System.nanoTime() - since);
            return answer;
        }
    }

    private String pop3(String source, String name, String password) throws IOException {
        try (Wire wire = Wire.from(source, platform.pop3Port())) {
            expect("+OK", wire.reply());
            expect("+OK", wire.ask("USER " + name));
            return wire.ask("PASS " + password);
        }
    }

    private String user(String name) throws IOException {
        try (Wire wire = Wire.to(platform.pop3Port())) {
            expect("+OK", wire.reply());
            return wire.ask("USER " + name);
        }
    }

    private String command(String command) throws IOException {
        try (Wire wire = Wire.greeted(platform.smtpPort())) {
            return wire.ask(command);
        }
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
