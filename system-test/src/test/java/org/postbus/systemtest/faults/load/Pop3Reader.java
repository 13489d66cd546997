package org.postbus.systemtest.faults.load;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.BooleanSupplier;
import org.postbus.systemtest.Pop3Client;
import org.postbus.systemtest.faults.report.Invariant;

/** Fetches and deletes, session after session, each on any maildrop, and writes down what it saw and was told. */
final class Pop3Reader {

    private static final Duration SILENT_AT_MOST = Duration.ofSeconds(20);
    private static final int MESSAGES_OF_A_SESSION = 25;

    private final FaultLedger ledger;
    private final Accounts accounts;
    private final int port;
    private final Pace pace;
    private final Random random;

    Pop3Reader(FaultLedger ledger, Accounts accounts, int port, Pace pace, Random random) {
        this.ledger = ledger;
        this.accounts = accounts;
        this.port = port;
        this.pace = pace;
        this.random = random;
    }

    void run(BooleanSupplier over) throws InterruptedException {
        while (!over.getAsBoolean()) {
            pace.await();
            String account = accounts.any(random);
            long since = System.nanoTime();
            try (Pop3Client pop3 = new Pop3Client(port)) {
                pop3.silentAtMost(SILENT_AT_MOST);
                session(pop3, account, since);
            } catch (Pop3Client.DamagedMessage e) {
                ledger.tally().trial(Invariant.I4, false, account + ": " + e.getMessage());
            } catch (IOException | AssertionError e) {
                ledger.ended("POP3 sessions without a greeting", isTemporary(e), account + ": " + e);
            }
        }
    }

    private static boolean isTemporary(Throwable failure) {
        return failure instanceof AssertionError && String.valueOf(failure.getMessage()).contains("-ERR [SYS/TEMP]");
    }

    /** A client may be put off, and closed between two commands: nothing is deleted then. */
    private void session(Pop3Client pop3, String account, long since) {
        try {
            pop3.logIn(account, Accounts.PASSWORD);
        } catch (IOException e) {
            ledger.ended("POP3 sessions closed at login", true, account + ": " + e);
            return;
        } catch (AssertionError e) {
            boolean locked = String.valueOf(e.getMessage()).contains("-ERR [IN-USE]");
            ledger.ended("POP3 logins put off", locked || isTemporary(e), account + ": " + e.getMessage());
            return;
        }
        try {
            messages(pop3, account, since);
            ledger.ended("POP3 sessions", true, "");
        } catch (AssertionError e) {
            ledger.ended("POP3 sessions put off", isTemporary(e), account + ": " + e.getMessage());
        } catch (IOException e) {
            boolean between = !pop3.isInsideResponse() && !String.valueOf(e.getMessage()).matches("closed after: .+");
            ledger.ended(between ? "POP3 sessions closed between commands" : "POP3 sessions cut", between, account + ": " + e);
        }
    }

    private void messages(Pop3Client pop3, String account, long since) throws IOException {
        List<Pop3Client.Listed> listing = pop3.listing();
        Collections.shuffle(listing, random);
        List<Place> deleted = new ArrayList<>();
        for (var message : listing.subList(0, Math.min(MESSAGES_OF_A_SESSION, listing.size()))) {
            Sighting sighting = new Sighting();
            pop3.retrieve(message.number(), sighting);
            Place place = ledger.seen(account, message.uniqueId(), sighting, since);
            if (random.nextBoolean()) {
                pop3.command("DELE " + message.number());
                deleted.add(place);
            }
        }
        if (random.nextInt(5) == 0) {
            pop3.reset();
        } else {
            quit(pop3, deleted);
        }
    }

    /** -ERR promises nothing; then too it is all or none. */
    private void quit(Pop3Client pop3, List<Place> deleted) throws IOException {
        boolean certain = false;
        try {
            pop3.command("QUIT");
            certain = true;
        } catch (IOException e) {
            // Between commands for the gateway, and yet its client does not know.
            ledger.ended("POP3 sessions cut at QUIT", false, e.toString());
            throw e;
        } finally {
            ledger.quit(deleted, certain);
        }
    }
}
