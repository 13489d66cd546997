package org.postbus.protocol.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.postbus.protocol.smtp.SmtpService;

/** DATA and BDAT against what the RFCs say of them, written down a second time as regular expressions. */
class MailDataFuzzTest {

    private static final String ENVELOPE = "EHLO c\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\n";
    /** The first line end that is half of one, or the end of mail data. */
    private static final Pattern END = Pattern.compile("\r(?!\n)|(?<!\r)\n|(?<=^|\r\n)\\.\r\n");

    /** RFC 5321, section 4.5.2: only CRLF.CRLF ends it, and a CR or LF alone is never let through. */
    @FuzzTest(maxDuration = "2m")
    void data(byte[] input) {
        FuzzCase fuzzed = FuzzCase.of(input);
        String data = text(fuzzed.octets());
        SmtpHost.Outcome outcome = session(fuzzed, "DATA\r\n" + data);
        Matcher end = END.matcher(data);
        Optional<String> whole = end.find() && end.group().equals(".\r\n") ? Optional.of(data.substring(0, end.start())) : Optional.empty();
        Optional<String> unstuffed = whole.map(mail -> mail.replaceAll("(^|\r\n)\\.", "$1"));
        if (whole.isEmpty()) {
            assertTrue(outcome.mails().isEmpty(), () -> "accepted: " + outcome.mails());
        } else if (isAcceptable(unstuffed.get())) {
            assertEquals(unstuffed.get(), outcome.mails().getFirst());
        }
    }

    /** RFC 3030, section 2: chunks are as long as they say, whatever is in them; lines are made whole. */
    @FuzzTest(maxDuration = "2m")
    void chunks(byte[] input) {
        FuzzCase fuzzed = FuzzCase.of(input);
        String text = text(fuzzed.octets());
        StringBuilder session = new StringBuilder();
        for (byte[] chunk : fuzzed.chunking().cut(fuzzed.octets())) {
            session.append("BDAT ").append(chunk.length).append("\r\n").append(text(chunk));
        }
        SmtpHost.Outcome outcome = session(fuzzed, session + "BDAT 0 LAST\r\nNOOP\r\n");
        String lines = text.replaceAll("\r\n|\r|\n", "\r\n");
        String mail = lines.isEmpty() || lines.endsWith("\n") ? lines : lines + "\r\n";
        if (isAcceptable(mail)) {
            assertEquals(List.of(mail), outcome.mails());
        }
        assertTrue(outcome.replies().endsWith("250 2.0.0 Ok\r\n") || outcome.closed(), outcome::replies);
    }

    /** The host agrees to all; settings count, but neither TLS nor greeting is asked for. */
    private static SmtpHost.Outcome session(FuzzCase fuzzed, String behindEnvelope) {
        FuzzCase agreed = new FuzzCase(fuzzed.settings() & 1, 0, fuzzed.cut(), (ENVELOPE + behindEnvelope).getBytes(StandardCharsets.ISO_8859_1));
        return SmtpSessionFuzzTest.sameForAnyCut(agreed, SmtpService.MX);
    }

    /** Neither too large, nor from too far away: what is judged elsewhere. */
    private static boolean isAcceptable(String mail) {
        return mail.length() <= SmtpHost.MAX_MAIL && mail.toLowerCase().split("received", -1).length <= 50;
    }

    private static String text(byte[] octets) {
        return new String(octets, StandardCharsets.ISO_8859_1);
    }
}
