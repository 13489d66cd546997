package org.postbus.benchmarks.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MaillogTest {

    private static final String LINE = "Nov 24 08:44:26 mx postfix/lmtp[10226]: 52AE7176059: to=<bob@load.test>,"
            + " relay=mx[/dovecot/lmtp], delay=0.16, dsn=2.0.0, status=%s (250 2.0.0 <bob@load.test> Saved)\n";

    @TempDir
    private Path folder;

    @Test
    void aLogThatIsNotThereYetHasNone() throws IOException {
        assertEquals(0, new Maillog(folder.resolve("mail.log")).sent());
    }

    @Test
    void countsWhatWasSentAndNothingElse() throws IOException {
        Path file = folder.resolve("mail.log");
        Files.writeString(file, LINE.formatted("sent") + LINE.formatted("deferred") + LINE.formatted("bounced")
                + "Nov 24 08:44:26 mx postfix/qmgr[1]: 52AE7176059: removed\n" + LINE.formatted("sent"));
        assertEquals(2, new Maillog(file).sent());
    }

    @Test
    void findsEachAsTheLogGrowsWhereverItWasCut() throws IOException {
        String text = LINE.formatted("sent").repeat(2);
        for (int cut = 0; cut <= text.length(); cut++) {
            Path file = folder.resolve("mail" + cut + ".log");
            Files.writeString(file, text.substring(0, cut));
            Maillog log = new Maillog(file);
            log.sent();
            Files.writeString(file, text.substring(cut), StandardOpenOption.APPEND);
            assertEquals(2, log.sent());
        }
    }
}
