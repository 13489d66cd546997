package org.postbus.systemtest.faults.load;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.postbus.systemtest.Await;
import org.postbus.systemtest.Pop3Client;
import org.postbus.systemtest.faults.report.Invariant;

/** Reads every maildrop whole, when all is quiet, and deletes most of what it read. */
public final class MaildropAudit {

    private static final Duration FREE_WITHIN = Duration.ofSeconds(100);
    private static final int AT_A_TIME = 6;
    /** Of ten; the rest stays to be found again after the next fault. */
    private static final int DELETED_OF_TEN = 8;

    private final FaultLedger ledger;
    private final Accounts accounts;
    private final int port;
    private final Random random;
    private final Set<Place> found = ConcurrentHashMap.newKeySet();

    public MaildropAudit(FaultLedger ledger, Accounts accounts, int port, Random random) {
        this.ledger = ledger;
        this.accounts = accounts;
        this.port = port;
        this.random = random;
    }

    /** What is there. Each maildrop is waited for until no dead session has it locked. */
    public Set<Place> read() throws Exception {
        try (ExecutorService readers = Executors.newFixedThreadPool(AT_A_TIME)) {
            List<Future<Boolean>> all = new ArrayList<>();
            for (String account : accounts.addresses()) {
                all.add(readers.submit(() -> Await.answer("the maildrop of " + account, FREE_WITHIN, () -> read(account))));
            }
            for (Future<Boolean> one : all) {
                one.get();
            }
        }
        return found;
    }

    /** Empty where it must be tried again. */
    private Optional<Boolean> read(String account) throws IOException {
        try (Pop3Client pop3 = new Pop3Client(port)) {
            try {
                pop3.logIn(account, Accounts.PASSWORD);
            } catch (AssertionError e) {
                // [IN-USE] or [SYS/TEMP]; the wait has a bound.
                return Optional.empty();
            }
            session(pop3, account);
            return Optional.of(true);
        } catch (Pop3Client.DamagedMessage e) {
            ledger.tally().trial(Invariant.I4, false, account + ": " + e.getMessage());
            return Optional.of(true);
        }
    }

    private void session(Pop3Client pop3, String account) throws IOException {
        long since = System.nanoTime();
        List<Pop3Client.Listed> listing = pop3.listing();
        String stat = pop3.command("STAT");
        List<Place> deleted = new ArrayList<>();
        long octets = 0;
        for (Pop3Client.Listed message : listing) {
            Sighting sighting = new Sighting();
            octets += retrieve(pop3, account, message, sighting);
            Place place = ledger.seen(account, message.uniqueId(), sighting, since);
            if (!found.add(place)) {
                twice(sighting, place);
            }
            if (random.nextInt(10) < DELETED_OF_TEN) {
                pop3.command("DELE " + message.number());
                deleted.add(place);
            }
        }
        String expected = "+OK " + listing.size() + " " + octets;
        ledger.tally().trial(Invariant.I12, stat.startsWith(expected), account + ": STAT says " + stat + ", listed are " + expected);
        quit(pop3, deleted);
    }

    private void twice(Sighting sighting, Place place) {
        if (sighting.isNotification() && ledger.mayBeToldAgain(sighting.token(), sighting.toldOf())) {
            ledger.tally().event("notifications again, since the database was taken back");
        } else {
            ledger.tally().violation(Invariant.I1, "listed twice: " + place);
        }
    }

    private long retrieve(Pop3Client pop3, String account, Pop3Client.Listed message, Sighting sighting) throws IOException {
        long[] octets = {0};
        try {
            pop3.retrieve(message.number(), line -> {
                octets[0] += line.length;
                sighting.line(line);
            });
        } catch (AssertionError e) {
            throw new Pop3Client.DamagedMessage("listed and not to be had: " + message.uniqueId() + ": " + e.getMessage());
        }
        return octets[0];
    }

    private void quit(Pop3Client pop3, List<Place> deleted) throws IOException {
        boolean certain = false;
        try {
            pop3.command("QUIT");
            certain = true;
        } catch (AssertionError e) {
            throw new IOException(e);
        } finally {
            ledger.quit(deleted, certain);
        }
    }
}
