package org.postbus.systemtest.threats;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.postbus.systemtest.Await;
import org.postbus.systemtest.Pop3Client;
import org.postbus.systemtest.RunningPlatform;

/** P7: many sessions with large maildrops at a time. */
@ExtendWith({StrictPlatform.class, ThreatReport.class})
class BudgetThreatsTest {

    private static final Duration FREE_WITHIN = Duration.ofSeconds(10);

    private final RunningPlatform platform;

    BudgetThreatsTest(RunningPlatform platform) {
        this.platform = platform;
    }

    @Test
    @DisplayName("P7 listings that memory has no room for are put off, small ones are not, and room comes back")
    void listings() throws Exception {
        int messages = StrictPlatform.LISTED_MESSAGES / 2 - 100;
        Row row = new Row("P7 budget", 40);
        List<MaildropReader> large = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            large.add(LargeMaildrop.make(platform, "large" + i + "@budget.test", messages));
        }
        MaildropReader small = new MaildropReader(platform, "small@budget.test");
        small.fill(1);
        for (int i = 0; i < row.count(); i++) {
            try (Pop3Client first = large.get(i % 3).open(); Pop3Client second = large.get((i + 1) % 3).open()) {
                MaildropReader third = large.get((i + 2) % 3);
                // Its session of the round before ended without a QUIT, which takes the gateway a moment.
                String full = Await.answer("the end of its last session", FREE_WITHIN, () -> Optional.of(third.logInAgain())
                        .filter(answer -> !answer.startsWith("-ERR [IN-USE]")));
                row.answered("a third large maildrop", full, "-ERR [SYS/TEMP]");
                row.answered("a small one", small.logInAgain(), "+OK");
                End.values()[i % 3].of(second);
                String room = Await.answer("room for another", FREE_WITHIN, () -> Optional.of(third.logInAgain())
                        .filter(answer -> answer.startsWith("+OK")));
                row.answered("behind the end of one", room, "+OK " + messages + " ");
                row.holds(first.command("STAT").startsWith("+OK " + messages + " "), "the first session goes on");
            }
        }
        row.end();
    }
}
