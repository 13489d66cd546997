package org.postbus.systemtest.threats;

import static org.postbus.systemtest.threats.StrictPlatform.MAX_CONNECTIONS_OF_A_CLIENT;
import static org.postbus.systemtest.threats.Wire.expect;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.postbus.systemtest.RunningPlatform;

/** S10, S11: clients that take their time, and clients that are many. Rates for a minute are in the gateway's own FairnessTest. */
@ExtendWith({StrictPlatform.class, ThreatReport.class})
class FloodThreatsTest {

    private static final String VICTIM = "victim@floods.test";
    private static final int PAUSE_MILLIS = 200;
    /** Several times all of the platform's time-outs, and less than the client's patience. */
    private static final Duration ENDED_WITHIN = Duration.ofSeconds(25);
    private static final List<String> PHASES = List.of("command", "MAIL", "DATA", "BDAT", "AUTH", "TLS", "STARTTLS", "PROXY");

    private final RunningPlatform platform;

    FloodThreatsTest(RunningPlatform platform) {
        this.platform = platform;
        platform.admin().domain("floods.test");
        platform.admin().account(VICTIM, "secret of the victim");
    }

    @Test
    @DisplayName("S10 one octet before each time-out buys no time, in any phase")
    void slowSenders() throws Exception {
        Row row = new Row("S10", 400);
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < row.count(); i++) {
                String phase = PHASES.get(i % PHASES.size());
                // At most thirty from one address.
                String source = phase.equals("PROXY") ? StrictPlatform.PROXY : "127.0.2." + (1 + i / 30);
                clients.submit(() -> slow(row, phase, source));
            }
        }
        row.end();
    }

    private void slow(Row row, String phase, String source) {
        boolean underTls = List.of("TLS", "STARTTLS", "PROXY").contains(phase);
        long since = System.nanoTime();
        try (Wire wire = opened(phase, source)) {
            String heard = wire.silentAtMost(PAUSE_MILLIS).heard();
            while (heard.isEmpty() && System.nanoTime() - since < ENDED_WITHIN.toNanos()) {
                wire.send(underTls ? "\u0016" : "x");
                heard = wire.heard();
            }
            row.answered(phase + " at a trickle", heard, underTls ? "closed" : "421 4.4.2");
        } catch (IOException | AssertionError e) {
            row.judged(false, phase + " at a trickle: " + e);
        }
    }

    private Wire opened(String phase, String source) throws IOException {
        return switch (phase) {
            case "TLS" -> Wire.from(source, platform.submissionsPort());
            case "PROXY" -> Wire.from(source, platform.smtpPort()).send("PROXY TCP4 ");
            case "AUTH" -> opened(source, platform.submissionPort(), "AUTH PLAIN", "334");
            case "STARTTLS" -> opened(source, platform.smtpPort(), "STARTTLS", "220");
            case "DATA" -> Wire.from(source, platform.smtpPort()).greet().startMail("slow@attacker.test", VICTIM);
            case "BDAT" -> opened(source, platform.smtpPort(), "MAIL FROM:<slow@attacker.test>", "250").send("RCPT TO:<" + VICTIM + ">\r\n")
                    .alsoRead("250").send("BDAT 100000\r\n");
            case "MAIL" -> opened(source, platform.smtpPort(), "MAIL FROM:<slow@attacker.test>", "250");
            default -> opened(source, platform.smtpPort(), "NOOP", "250");
        };
    }

    private static Wire opened(String source, int port, String command, String right) throws IOException {
        Wire wire = Wire.from(source, port).greet();
        expect(right, wire.ask(command));
        return wire;
    }

    @Test
    @DisplayName("S11 connection n+1, error 21 and recipient 1001 are refused, and they alone")
    void floods() throws Exception {
        Row row = new Row("S11", 150);
        for (int i = 0; i < row.count(); i++) {
            switch (i % 3) {
                case 0 -> connections(row, "2001:db8:" + Integer.toHexString(i) + ":1::", "2001:db8:" + Integer.toHexString(i) + ":2::1");
                case 1 -> errors(row);
                default -> recipients(row);
            }
        }
        row.end();
    }

    /** One client is all of an IPv6 /64. */
    private void connections(Row row, String prefix, String neighbour) throws IOException {
        List<Wire> open = new ArrayList<>();
        for (int n = 1; n <= MAX_CONNECTIONS_OF_A_CLIENT; n++) {
            open.add(proxied(prefix + Integer.toHexString(n)));
            row.holds(open.getLast().reply().startsWith("220 "), "connection " + n);
        }
        try (Wire onceMore = proxied(prefix + "ffff"); Wire other = proxied(neighbour)) {
            row.answered("connection " + (MAX_CONNECTIONS_OF_A_CLIENT + 1), onceMore.reply(), "421 4.7.0");
            row.holds(onceMore.reply().isEmpty(), "it is not closed");
            row.holds(other.reply().startsWith("220 "), "another /64");
        }
        for (Wire wire : open) {
            wire.close();
        }
    }

    private Wire proxied(String client) throws IOException {
        return Wire.from(StrictPlatform.PROXY, platform.smtpPort()).send("PROXY TCP6 " + client + " ::1 1234 25\r\n");
    }

    private void errors(Row row) throws IOException {
        try (Wire wire = Wire.greeted(platform.smtpPort())) {
            for (int n = 1; n <= 20; n++) {
                row.holds(wire.ask(row.oneOf(List.of("XXXX", "DATA", "RCPT TO:<x@y>", "MAIL", "EXPN x"))).startsWith("50"), "error " + n);
            }
            row.answered("error 21", wire.ask("XXXX"), "421 4.7.0");
            row.holds(wire.reply().isEmpty(), "it is not closed");
        }
    }

    private void recipients(Row row) throws IOException {
        try (Wire wire = Wire.greeted(platform.smtpPort())) {
            expect("250", wire.ask("MAIL FROM:<many@attacker.test>"));
            wire.send(("RCPT TO:<" + VICTIM + ">\r\n").repeat(1000));
            for (int n = 1; n <= 1000; n++) {
                row.holds(wire.reply().startsWith("250 "), "recipient " + n);
            }
            row.answered("recipient 1001", wire.ask("RCPT TO:<" + VICTIM + ">"), "452 4.5.3");
            expect("354", wire.ask("DATA"));
            row.holds(wire.ask("x\r\n.").startsWith("250 "), "the mail to the others");
        }
    }
}
