package org.postbus.systemtest.powercut;

import java.io.IOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.postbus.systemtest.Await;
import org.postbus.systemtest.Ledger;
import org.postbus.systemtest.LedgerMail;
import org.postbus.systemtest.Pop3Client;
import org.postbus.systemtest.RunningPlatform;
import org.postbus.systemtest.SmtpClient;

/** Reads every maildrop of a platform until all promised mail is there, and holds it against the ledger. */
final class Verification {

    private static final Duration LEASE = Duration.ofSeconds(60);

    private record Message(Ledger.Copy copy, long octets) {}

    private final RunningPlatform platform;
    private final Ledger ledger;
    /** Message by unique-id, which names the same octets for ever. */
    private final Map<String, Map<String, Message>> read = new HashMap<>();
    private final List<String> inconsistent = new ArrayList<>();
    private List<Ledger.Copy> last = List.of();
    private Set<String> locked = Set.of();

    Verification(RunningPlatform platform, Ledger ledger) {
        this.platform = platform;
        this.ledger = ledger;
    }

    /** What a minute's waiting would do for the sessions that were open when the power went. */
    void endLeases() throws IOException, SQLException {
        String url = "jdbc:postgresql://127.0.0.1:" + platform.postgresPort() + "/postbus";
        String password = Files.readString(platform.data().resolve("postgres/password"));
        try (Connection postgres = DriverManager.getConnection(url, "postgres", password);
                Statement statement = postgres.createStatement()) {
            statement.execute("update mailbox.maildrop_lock set expires_at = now() - interval '1 second'");
        }
    }

    /** Every broken promise, or, where there is none, what keeps the platform from going on as if nothing had been. */
    List<String> all(Duration limit) {
        List<String> broken = broken(limit);
        return broken.isEmpty() ? standstill() : broken;
    }

    /**
     * Every broken promise.
     *
     * @param limit what is due may take so long to arrive. Longer than a lease: maildrops that are still locked break a
     *     promise. Shorter: nothing is said about those.
     */
    List<String> broken(Duration limit) {
        List<String> broken = new ArrayList<>();
        try {
            Await.answer("the promised mail", limit, this::complete);
        } catch (Await.TooLong e) {
            missing().forEach(copy -> broken.add("missing: " + copy));
            if (limit.compareTo(LEASE) > 0) {
                locked.forEach(account -> broken.add("still locked: " + account));
            }
        } catch (Exception | AssertionError e) {
            broken.add(e.toString());
        }
        broken.addAll(ledger.wrong(last));
        broken.addAll(inconsistent);
        return broken;
    }

    private List<String> standstill() {
        List<String> standstill = new ArrayList<>(
                platform.printed().lines().filter(line -> line.contains("DATA LOSS")).toList());
        try (SmtpClient smtp = platform.smtp()) {
            String mailId = smtp.mail("", List.of(Load.ACCOUNTS.getFirst()), "Subject: afterwards\r\n\r\n");
            Await.answer("a new mail's trail", Duration.ofSeconds(20), () -> Optional.of(
                    platform.admin().send("GET", "/api/v1/mails/" + mailId, "").body()).filter(trail -> trail.contains("delivered")));
        } catch (Exception | AssertionError e) {
            standstill.add(e.toString());
        }
        return standstill;
    }

    private List<String> missing() {
        return ledger.missing(last, account -> !locked.contains(account));
    }

    private Optional<Boolean> complete() throws IOException {
        List<Ledger.Copy> copies = new ArrayList<>();
        Set<String> refused = new HashSet<>();
        for (String account : Load.ACCOUNTS) {
            try (Pop3Client pop3 = platform.pop3().logIn(account, Load.PASSWORD)) {
                copies.addAll(read(pop3, account));
                pop3.command("QUIT");
            } catch (AssertionError e) {
                // A session that was open when the power went holds its maildrop until its lease ends, unless that was ended.
                if (!e.getMessage().contains("[IN-USE]") && !e.getMessage().contains("[SYS/TEMP]")) {
                    throw e;
                }
                refused.add(account);
            }
        }
        last = copies;
        locked = refused;
        return locked.isEmpty() && missing().isEmpty() ? Optional.of(true) : Optional.empty();
    }

    private List<Ledger.Copy> read(Pop3Client pop3, String account) throws IOException {
        Map<String, Message> known = read.computeIfAbsent(account, ignored -> new HashMap<>());
        List<Ledger.Copy> copies = new ArrayList<>();
        long octets = 0;
        for (var listed : pop3.uidl().entrySet()) {
            Message message = known.get(listed.getKey());
            if (message == null) {
                String text = pop3.retrieve(listed.getValue());
                message = new Message(LedgerMail.copy(account, text), text.length());
                known.put(listed.getKey(), message);
            }
            copies.add(message.copy());
            octets += message.octets();
        }
        String[] statistics = pop3.command("STAT").split(" ");
        if (Integer.parseInt(statistics[1]) != copies.size() || Long.parseLong(statistics[2]) != octets) {
            inconsistent.add(account + ": STAT says " + statistics[1] + " messages of " + statistics[2]
                    + " octets, read were " + copies.size() + " of " + octets);
        }
        return copies;
    }
}
