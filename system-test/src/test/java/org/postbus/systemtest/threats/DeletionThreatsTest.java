package org.postbus.systemtest.threats;

import static org.postbus.systemtest.threats.MaildropReader.PASSWORD;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.postbus.systemtest.Await;
import org.postbus.systemtest.Pop3Client;
import org.postbus.systemtest.RunningPlatform;

/** P1: only QUIT deletes. */
@ExtendWith({StrictPlatform.class, ThreatReport.class})
class DeletionThreatsTest {

    private static final Duration TURN_WITHIN = Duration.ofSeconds(20);
    private static final String VICTIM = "victim@deletion.test";
    private static final List<String> SILENT = List.of("silent0@deletion.test", "silent1@deletion.test", "silent2@deletion.test");
    private static final List<String> DIALOGUE = List.of("USER " + VICTIM, "PASS " + PASSWORD, "STAT", "LIST", "UIDL", "RETR 1", "TOP 2 1",
            "DELE 1", "NOOP", "DELE 2", "RSET", "DELE 3", "DELE 1");
    private static final Set<String> MULTI_LINE = Set.of("LIST", "UIDL", "RETR 1", "TOP 2 1");
    private static final String PIPELINED = "DELE 1\r\nDELE 2\r\nQUIT\r\n";

    private final MaildropReader victim;
    private final RunningPlatform platform;

    /**
     * What is said before the session ends.
     *
     * @param commands each with its reply
     * @param rest     octets behind them, whose replies nobody awaits
     */
    private record Said(List<String> commands, String rest) {}

    private record Attack(Said said, End end) {}

    DeletionThreatsTest(RunningPlatform platform) {
        this.platform = platform;
        this.victim = new MaildropReader(platform, VICTIM);
    }

    @Test
    @DisplayName("P1 a session that ends anywhere before QUIT's CRLF deletes nothing")
    void endsEverywhere() throws Exception {
        Row row = new Row("P1", 1000);
        victim.fill(3);
        Set<String> before = victim.uniqueIds();
        List<Attack> attacks = attacks();
        // All of them, also in the short form.
        for (int i = 0; i < Math.max(row.count(), attacks.size()); i++) {
            Attack attack = attacks.get(i % attacks.size());
            boolean cut = i >= attacks.size();
            Await.answer("an attack's turn", TURN_WITHIN, () -> ran(row, attack, cut) ? Optional.of(true) : Optional.empty());
            row.judged(victim.uniqueIds().equals(before), attack + " deleted something");
        }
        row.end();
    }

    private static List<Attack> attacks() {
        List<Said> all = new ArrayList<>();
        for (int n = 0; n <= DIALOGUE.size(); n++) {
            all.add(new Said(DIALOGUE.subList(0, n), ""));
        }
        for (int cut = 1; cut < PIPELINED.length(); cut++) {
            all.add(new Said(DIALOGUE.subList(0, 2), PIPELINED.substring(0, cut)));
        }
        // A whole session in one write, short of its last octet.
        all.add(new Said(List.of(), DIALOGUE.get(0) + "\r\n" + DIALOGUE.get(1) + "\r\n" + PIPELINED.stripTrailing() + "\r"));
        List<Attack> attacks = new ArrayList<>();
        for (End end : End.values()) {
            all.forEach(said -> attacks.add(new Attack(said, end)));
        }
        return attacks;
    }

    /** A login of the attack before, whose client is gone, may be under way still. */
    private boolean ran(Row row, Attack attack, boolean cut) throws IOException {
        try {
            run(row, attack, cut);
            return true;
        } catch (AssertionError refused) {
            if (refused.getMessage().contains("[IN-USE]")) {
                return false;
            }
            throw refused;
        }
    }

    /** @param cut whether the rest goes out in two writes */
    private void run(Row row, Attack attack, boolean cut) throws IOException {
        try (Pop3Client pop3 = platform.pop3()) {
            for (String command : attack.said().commands()) {
                pop3.command(command);
                if (MULTI_LINE.contains(command)) {
                    while (!pop3.line().equals(".")) {
                        // Every line is the server's to send.
                    }
                }
            }
            String rest = attack.said().rest();
            int at = cut && !rest.isEmpty() ? row.random().nextInt(rest.length()) : 0;
            for (String part : List.of(rest.substring(0, at), rest.substring(at))) {
                pop3.write(part);
                pop3.flush();
            }
            attack.end().of(pop3);
        }
    }

    @Test
    @DisplayName("P1 a session that falls silent is closed, and deletes nothing")
    void silence() throws Exception {
        Row row = new Row("P1 timeout", SILENT.size());
        List<Pop3Client> open = new ArrayList<>();
        List<MaildropReader> readers = SILENT.stream().map(account -> new MaildropReader(platform, account)).toList();
        for (MaildropReader reader : readers) {
            reader.fill(2);
        }
        for (MaildropReader reader : readers) {
            Pop3Client pop3 = platform.pop3().logIn(reader.address(), PASSWORD);
            open.add(pop3);
            pop3.command("DELE 1");
            pop3.write("DELE 2\r\nQUIT".substring(0, open.size() * 4));
            pop3.flush();
        }
        for (int i = 0; i < open.size(); i++) {
            try (Pop3Client pop3 = open.get(i)) {
                pop3.silentAtMost(Duration.ofSeconds(30));
                End.readOut(pop3);
            }
            row.judged(readers.get(i).uniqueIds().size() == 2, "silence deleted something");
        }
        row.end();
    }
}
