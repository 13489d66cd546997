package org.postbus.protocol.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;
import org.postbus.protocol.smtp.SmtpService;
import org.postbus.protocol.transcript.Chunking;

/** Whole sessions of any octets: no exception, the same however they are cut, and cost in proportion to what came. */
class SmtpSessionFuzzTest {

    @FuzzTest(maxDuration = "2m")
    void mx(byte[] input) {
        sameForAnyCut(FuzzCase.of(input), SmtpService.MX);
    }

    @FuzzTest(maxDuration = "2m")
    void submission(byte[] input) {
        sameForAnyCut(FuzzCase.of(input), SmtpService.SUBMISSION);
    }

    @FuzzTest(maxDuration = "2m")
    void inOneWrite(byte[] input) {
        // Also where a client has to wait: that is refused, and must break nothing.
        FuzzCase fuzzed = FuzzCase.of(input);
        SmtpHost.run(fuzzed, fuzzed.setting(6) ? SmtpService.SUBMISSION : SmtpService.MX, List.of(fuzzed.octets()));
    }

    static SmtpHost.Outcome sameForAnyCut(FuzzCase fuzzed, SmtpService service) {
        SmtpHost.Outcome groups = run(fuzzed, service, Chunking.WHOLE);
        assertEquals(groups, run(fuzzed, service, fuzzed.finely()));
        assertEquals(groups, run(fuzzed, service, fuzzed.chunking()));
        return groups;
    }

    private static SmtpHost.Outcome run(FuzzCase fuzzed, SmtpService service, Chunking chunking) {
        List<byte[]> pieces = Groups.of(fuzzed.octets()).stream().flatMap(group -> chunking.cut(group).stream()).toList();
        return SmtpHost.run(fuzzed, service, pieces);
    }
}
