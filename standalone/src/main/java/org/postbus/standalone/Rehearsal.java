package org.postbus.standalone;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * A platform under load for some seconds, so that the JVM's cache also holds which methods are hot and with which types
 * they are called (JEP 515): a later start compiles them at once, instead of interpreting them first.
 */
final class Rehearsal {

    private static final Duration LENGTH = Duration.ofSeconds(12);
    private static final int SENDERS = 12;
    private static final int MAILS_OF_A_SESSION = 50;
    private static final int LINES = 130;
    private static final int MESSAGES_OF_A_SESSION = 100;

    private final Options options;
    private final DemoDomain demo;
    private final String text = "A line of a mail of some ten thousand octets, as many mails have it, and a bit more.\r\n"
            .repeat(LINES);
    private final long end = System.nanoTime() + LENGTH.toNanos();

    Rehearsal(Options options) throws IOException {
        this.options = options;
        this.demo = DemoDomain.read(options.data());
    }

    /** Returns when the time is over. */
    void run() throws IOException {
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Void>> all = new ArrayList<>();
            for (int n = 0; n < SENDERS; n++) {
                all.add(clients.submit(repeatedly(this::send)));
            }
            all.add(clients.submit(repeatedly(this::readAndDelete)));
            for (Future<Void> each : all) {
                each.get();
            }
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @FunctionalInterface
    private interface Client {
        void session() throws IOException;
    }

    private Callable<Void> repeatedly(Client client) {
        return () -> {
            while (System.nanoTime() < end) {
                client.session();
            }
            return null;
        };
    }

    private void send() throws IOException {
        try (Dialog smtp = Dialog.openSilent(options, Port.SMTP)) {
            smtp.expect("220");
            smtp.say("EHLO demo.test").expect("250");
            for (int n = 0; n < MAILS_OF_A_SESSION && System.nanoTime() < end; n++) {
                smtp.say("MAIL FROM:<" + DemoDomain.ALICE + ">").expect("250");
                smtp.say("RCPT TO:<" + DemoDomain.BOB + ">").expect("250");
                smtp.say("DATA").expect("354");
                smtp.say("From: Alice <" + DemoDomain.ALICE + ">\r\nSubject: rehearsal " + n + "\r\n\r\n" + text + ".");
                smtp.expect("250");
            }
            smtp.say("QUIT").expect("221");
        }
    }

    private void readAndDelete() throws IOException {
        try (Dialog pop3 = Dialog.openSilent(options, Port.POP3)) {
            pop3.expect("+OK");
            pop3.say("USER " + DemoDomain.BOB).expect("+OK");
            pop3.say("PASS " + demo.bobPassword()).expect("+OK");
            int messages = Integer.parseInt(pop3.say("STAT").expect("+OK").split(" ")[1]);
            pop3.say("UIDL").expectLines("+OK");
            for (int n = 1; n <= Math.min(messages, MESSAGES_OF_A_SESSION); n++) {
                pop3.say("RETR " + n).expectLines("+OK");
                pop3.say("DELE " + n).expect("+OK");
            }
            pop3.say("QUIT").expect("+OK");
        }
    }
}
