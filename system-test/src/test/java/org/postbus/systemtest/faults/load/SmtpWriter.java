package org.postbus.systemtest.faults.load;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import org.postbus.systemtest.SmtpClient;

/** Sends mail, session after session, and writes down every outcome. */
final class SmtpWriter {

    private static final Duration SILENT_AT_MOST = Duration.ofSeconds(20);
    private static final int MAILS_OF_A_SESSION = 25;

    private final FaultLedger ledger;
    private final Accounts accounts;
    private final int port;
    private final boolean submits;
    private final boolean relayed;
    private final Pace pace;
    private final RandomGenerator random;
    private String lastReply = "";

    /**
     * @param submits whether it logs in, under TLS, at a port for that
     * @param relayed whether some of its mail is for elsewhere
     */
    SmtpWriter(FaultLedger ledger, Accounts accounts, int port, boolean submits, boolean relayed, Pace pace,
            RandomGenerator random) {
        this.submits = submits;
        this.relayed = relayed;
        this.ledger = ledger;
        this.accounts = accounts;
        this.port = port;
        this.pace = pace;
        this.random = random;
    }

    void run(BooleanSupplier over) throws InterruptedException {
        while (!over.getAsBoolean()) {
            pace.await();
            String author = submits ? accounts.any(random) : "ledger@faults.test";
            lastReply = "";
            try (SmtpClient smtp = submits ? SmtpClient.submission(port, author, Accounts.PASSWORD) : new SmtpClient(port)) {
                smtp.silentAtMost(SILENT_AT_MOST);
                for (int n = 0; n < MAILS_OF_A_SESSION && !over.getAsBoolean(); n++) {
                    send(smtp, author);
                    pace.await();
                }
                ledger.ended("SMTP sessions", true, "");
            } catch (AssertionError e) {
                // What came in place of a greeting, or of what every session may begin with.
                String what = String.valueOf(e.getMessage());
                ledger.ended("SMTP sessions refused", what.contains("got 4"), what);
            } catch (IOException e) {
                // The gateway is away or shuts down; what that means for the mail under way is written down.
                boolean told = lastReply.startsWith("421");
                ledger.ended(told ? "SMTP sessions ended by 421" : "SMTP sessions broken", told, "after \"" + lastReply + "\": " + e);
            }
        }
    }

    /** Sends a command and returns its reply; or a 421 that had come before, which need not be found at once. */
    private String ask(SmtpClient smtp, String command) throws IOException {
        try {
            lastReply = smtp.command(command);
        } catch (IOException e) {
            lastReply = lastWords(smtp);
            throw e;
        }
        if (lastReply.startsWith("5")) {
            ledger.ended("SMTP replies 5yz", false, command + ": " + lastReply);
        }
        return lastReply;
    }

    private String lastWords(SmtpClient smtp) {
        if (lastReply.startsWith("421")) {
            return lastReply;
        }
        try {
            return smtp.reply();
        } catch (IOException e) {
            return lastReply;
        }
    }

    private void send(SmtpClient smtp, String author) throws IOException {
        String token = ledger.nextToken();
        String text = MailText.of(token, author, random);
        List<String> recipients = recipients();
        boolean notified = recipients.stream().anyMatch(recipient -> recipient.equals(Accounts.FULL) || Elsewhere.has(recipient));
        Mail mail = new Mail(token, !notified ? "" : submits ? author : accounts.any(random), recipients, MailText.sha256(text));
        boolean ready = false;
        try {
            ready = begin(smtp, mail);
            if (ready) {
                smtp.write(MailText.stuffed(text));
                smtp.flush();
            }
        } finally {
            if (!ready) {
                ledger.ended(mail, Mail.Outcome.NOT_SENT, Optional.empty());
            }
        }
        if (ready) {
            end(smtp, mail);
        }
    }

    /** Whether the gateway waits for the data. */
    private boolean begin(SmtpClient smtp, Mail mail) throws IOException {
        List<String> commands = new ArrayList<>(List.of("MAIL FROM:<" + mail.reversePath() + ">"));
        mail.recipients().forEach(recipient -> commands.add("RCPT TO:<" + recipient + ">"));
        for (String command : commands) {
            if (!ask(smtp, command).startsWith("250")) {
                ask(smtp, "RSET");
                return false;
            }
        }
        return ask(smtp, "DATA").startsWith("354");
    }

    private void end(SmtpClient smtp, Mail mail) throws IOException {
        ledger.sending(mail);
        String reply = "";
        try {
            reply = ask(smtp, ".");
        } finally {
            switch (reply.isEmpty() ? '?' : reply.charAt(0)) {
                case '2' -> ledger.ended(mail, Mail.Outcome.ACCEPTED, Optional.of(SmtpClient.accepted(reply)));
                case '4' -> ledger.ended(mail, Mail.Outcome.PUT_OFF, Optional.empty());
                case '5' -> ledger.ended(mail, Mail.Outcome.REFUSED, Optional.empty());
                default -> ledger.ended(mail, Mail.Outcome.UNKNOWN, Optional.empty());
            }
        }
    }

    /** One to three; one mail in twelve also goes where there is no room; where mail is relayed, two in five go elsewhere, or only there. */
    private List<String> recipients() {
        List<String> recipients = new ArrayList<>();
        for (int n = random.nextInt(1, 4); n > 0; n--) {
            String recipient = accounts.any(random);
            if (!recipients.contains(recipient)) {
                recipients.add(recipient);
            }
        }
        if (random.nextInt(12) == 0) {
            recipients.add(Accounts.FULL);
        }
        if (relayed && random.nextInt(5) < 2) {
            if (random.nextBoolean()) {
                recipients.clear();
            }
            for (int n = random.nextInt(1, 5); n > 0; n--) {
                recipients.add(Elsewhere.any(random));
            }
        }
        return List.copyOf(new LinkedHashSet<>(recipients));
    }
}
