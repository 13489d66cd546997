package org.postbus.systemtest.powercut;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.LongStream;
import org.postbus.systemtest.Ledger;

/** What clients of one run were told and when, in the time of {@link System#nanoTime}: a ledger for every moment. */
final class Promises {

    private record Sent(Ledger.Mail mail, long began, long answered) {}

    private record Quit(String account, List<String> tokens, long began, long answered) {}

    private final Queue<Sent> mails = new ConcurrentLinkedQueue<>();
    private final Queue<Quit> quits = new ConcurrentLinkedQueue<>();

    void sent(Ledger.Mail mail, long began, long answered) {
        mails.add(new Sent(mail, began, answered));
    }

    /** A session deleted something, sent QUIT at {@code began} and read +OK at {@code answered}. */
    void quit(String account, List<String> tokens, long began, long answered) {
        quits.add(new Quit(account, tokens, began, answered));
    }

    /** What clients knew when the power went. Who had not begun by then did nothing. */
    Ledger at(long moment) {
        Ledger ledger = new Ledger();
        for (Sent sent : mails) {
            Ledger.Mail mail = sent.mail();
            Ledger.Outcome outcome = sent.answered() < moment ? mail.outcome()
                    : sent.began() < moment ? Ledger.Outcome.UNKNOWN : Ledger.Outcome.NOT_SENT;
            ledger.sent(new Ledger.Mail(mail.token(), mail.recipients(), mail.body(), outcome));
        }
        for (Quit quit : quits) {
            if (quit.began() < moment) {
                ledger.quit(quit.account(), quit.tokens(), quit.answered() < moment);
            }
        }
        return ledger;
    }

    /** When the answers were read, between two moments. */
    long[] answers(long from, long to) {
        return LongStream.concat(
                        mails.stream().mapToLong(Sent::answered), quits.stream().mapToLong(Quit::answered))
                .filter(moment -> moment >= from && moment < to).sorted().toArray();
    }
}
