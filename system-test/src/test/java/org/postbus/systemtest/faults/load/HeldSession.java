package org.postbus.systemtest.faults.load;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.postbus.systemtest.Pop3Client;
import org.postbus.systemtest.faults.report.Invariant;

/** A session at one gateway that goes step by step as a fault wants, and writes down what it saw and was told. */
public final class HeldSession implements AutoCloseable {

    private static final Duration SILENT_AT_MOST = Duration.ofSeconds(20);
    private static final int FETCHED_AT_MOST = 12;

    private final FaultLedger ledger;
    private final String account;
    private final Pop3Client pop3;
    private final long since = System.nanoTime();
    /** Message-number by unique-id, of what is not marked as deleted. */
    private final Map<String, Integer> left = new TreeMap<>();
    private final List<Place> deleted = new ArrayList<>();

    private HeldSession(FaultLedger ledger, String account, Pop3Client pop3) {
        this.ledger = ledger;
        this.account = account;
        this.pop3 = pop3;
    }

    /** A login's answer: its session, or the refusal. */
    public record Login(Optional<HeldSession> session, String refusal) {

        @Override
        public String toString() {
            return refusal.isEmpty() ? "+OK" : refusal;
        }
    }

    public static Login logIn(FaultLedger ledger, String account, int port) throws IOException {
        Pop3Client pop3 = new Pop3Client(port);
        pop3.silentAtMost(SILENT_AT_MOST);
        pop3.send("USER " + account);
        pop3.line();
        pop3.send("PASS " + Accounts.PASSWORD);
        String answer = pop3.line();
        if (!answer.startsWith("+OK")) {
            pop3.close();
            return new Login(Optional.empty(), answer);
        }
        HeldSession session = new HeldSession(ledger, account, pop3);
        pop3.listing().forEach(message -> session.left.put(message.uniqueId(), message.number()));
        return new Login(Optional.of(session), "");
    }

    public String account() {
        return account;
    }

    /** The unique-ids of what it marked as deleted. */
    public List<String> deletions() {
        return deleted.stream().flatMap(place -> place.uniqueIds().stream()).toList();
    }

    /** Fetches some messages, but not those, and marks about half of them as deleted; one at least, where there is one. */
    public void deleteSome(Random random, List<String> spared) throws IOException {
        Map<String, Integer> some = left.entrySet().stream().filter(message -> !spared.contains(message.getKey()))
                .limit(FETCHED_AT_MOST).collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        for (Map.Entry<String, Integer> message : some.entrySet()) {
            Place place = fetch(message.getKey(), message.getValue());
            if (deleted.isEmpty() || random.nextBoolean()) {
                pop3.command("DELE " + message.getValue());
                left.remove(message.getKey());
                deleted.add(place);
            }
        }
    }

    /** Fetches those that it has listed: nobody else may delete them while it has the maildrop. */
    public void fetch(List<String> uniqueIds) throws IOException {
        for (String uniqueId : uniqueIds) {
            if (left.containsKey(uniqueId)) {
                String refusal = "";
                try {
                    fetch(uniqueId, left.get(uniqueId));
                } catch (AssertionError e) {
                    refusal = e.getMessage();
                }
                ledger.tally().trial(Invariant.I6, refusal.isEmpty(),
                        uniqueId + " in " + account + " went while another session had the maildrop: " + refusal);
            }
        }
    }

    private Place fetch(String uniqueId, int number) throws IOException {
        Sighting sighting = new Sighting();
        pop3.retrieve(number, sighting);
        return ledger.seen(account, uniqueId, sighting, since);
    }

    /** QUIT, whose answer may be long in coming. */
    public void sendQuit() throws IOException {
        pop3.send("QUIT");
    }

    /** The answer to QUIT; empty where the gateway closed without one. */
    public String readAnswer() throws IOException {
        String answer = "";
        try {
            answer = pop3.line();
        } catch (EOFException | SocketException closed) {
            // No promise was made.
        } finally {
            ledger.quit(deleted, answer.startsWith("+OK"));
        }
        return answer;
    }

    /** What came unasked until the gateway closed, a line at most; nothing was promised. */
    public String lastWords() throws IOException {
        try {
            return pop3.line();
        } catch (EOFException | SocketException closed) {
            return "";
        }
    }

    /** Closes without a word. */
    @Override
    public void close() throws IOException {
        pop3.close();
    }
}
