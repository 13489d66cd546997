package org.postbus.protocol.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import org.postbus.protocol.sasl.Credentials;
import org.postbus.protocol.sasl.SaslDialog;
import org.postbus.protocol.sasl.SaslDialog.Step;
import org.postbus.protocol.sasl.SaslMechanism;
import org.postbus.protocol.smtp.SmtpService;

/** Logins: every dialog ends soon, and nobody gets in by half of one. */
class SaslFuzzTest {

    /** The lines of one dialog; the first one is an initial response where the settings say so. */
    @FuzzTest(maxDuration = "2m")
    void dialog(byte[] input) {
        FuzzCase fuzzed = FuzzCase.of(input);
        String[] lines = new String(fuzzed.octets(), StandardCharsets.ISO_8859_1).split("\n", -1);
        SaslDialog dialog = new SaslDialog(fuzzed.setting(0) ? SaslMechanism.LOGIN : SaslMechanism.PLAIN);
        Step step = dialog.begin(fuzzed.setting(1) ? Optional.of(lines[0]) : Optional.empty());
        int challenges = 0;
        for (int i = fuzzed.setting(1) ? 1 : 0; i < lines.length && step instanceof Step.Challenge; i++, challenges++) {
            step = dialog.respond(lines[i]);
        }
        assertTrue(challenges <= 2, "asked for more than name and password");
        if (step instanceof Step.Offered(var credentials)) {
            assertWhole(credentials);
        }
    }

    /** What a client says in the form of each mechanism is what the host is asked about. */
    @FuzzTest(maxDuration = "2m")
    void credentials(byte[] input) {
        String[] words = new String(input, StandardCharsets.UTF_8).split("\0", 2);
        if (words.length < 2 || words[0].isEmpty() || words[1].isEmpty() || words[1].indexOf('\0') >= 0) {
            return;
        }
        Credentials offered = new Credentials(words[0], words[1]);
        SaslDialog plain = new SaslDialog(SaslMechanism.PLAIN);
        assertEquals(offered, credentials(plain.begin(Optional.of(base64("\0" + words[0] + "\0" + words[1])))));
        SaslDialog login = new SaslDialog(SaslMechanism.LOGIN);
        assertInstanceOf(Step.Challenge.class, login.begin(Optional.of(base64(words[0]))));
        assertEquals(offered, credentials(login.respond(base64(words[1]))));
    }

    /** A session in which nothing but a login happens, with all that may go wrong in it. */
    @FuzzTest(maxDuration = "2m")
    void session(byte[] input) {
        FuzzCase fuzzed = FuzzCase.of(input);
        String lines = new String(fuzzed.octets(), StandardCharsets.ISO_8859_1);
        String session = "EHLO c\r\nAUTH " + lines.replace("\n", "\r\n") + "\r\nNOOP\r\nMAIL FROM:<a@b>\r\n";
        FuzzCase whole = new FuzzCase(fuzzed.settings(), fuzzed.answers(), fuzzed.cut(), session.getBytes(StandardCharsets.ISO_8859_1));
        SmtpHost.Outcome outcome = SmtpSessionFuzzTest.sameForAnyCut(whole, SmtpService.SUBMISSION);
        boolean loggedIn = outcome.replies().contains("\r\n235 ");
        assertTrue(loggedIn || outcome.questions().stream().noneMatch(question -> question.startsWith("MAIL")), outcome::toString);
    }

    private static Credentials credentials(Step step) {
        return assertInstanceOf(Step.Offered.class, step).credentials();
    }

    private static void assertWhole(Credentials credentials) {
        assertFalse(credentials.name().isEmpty() || credentials.password().isEmpty());
        assertFalse((credentials.name() + credentials.password()).contains("\0"));
        assertEquals("Credentials[]", credentials.toString());
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
