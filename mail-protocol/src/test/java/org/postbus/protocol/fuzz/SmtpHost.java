package org.postbus.protocol.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.postbus.protocol.sasl.SaslDialog;
import org.postbus.protocol.smtp.MailTransaction;
import org.postbus.protocol.smtp.Replies;
import org.postbus.protocol.smtp.Reply;
import org.postbus.protocol.smtp.SmtpAction;
import org.postbus.protocol.smtp.SmtpServerEngine;
import org.postbus.protocol.smtp.SmtpServerSettings;
import org.postbus.protocol.smtp.SmtpService;
import org.postbus.protocol.tls.Tls;

/** The host of one engine: answers as the fuzzer's input says, writes down what happened, and watches what it costs. */
final class SmtpHost {

    static final int MAX_MAIL = 3000;
    private static final int MAX_RECIPIENTS = 5;
    private static final int LONGEST_REPLY = 512;
    private static final Pattern REPLY = Pattern.compile("([2-5][0-9]{2}[ -][ -~]*\r\n)+");

    /** All that a client or an operator could see of a session. */
    record Outcome(String replies, List<String> questions, List<String> mails, boolean closed) {}

    private final FuzzCase fuzzed;
    private final SmtpServerEngine engine;
    private final StringBuilder replies = new StringBuilder();
    private final List<String> questions = new ArrayList<>();
    private final List<String> mails = new ArrayList<>();
    private final ByteArrayOutputStream mail = new ByteArrayOutputStream();
    private boolean holdsMail;
    private boolean refusedData;
    private boolean closed;
    private long received;
    private long actions;

    SmtpHost(FuzzCase fuzzed, SmtpService service) {
        this.fuzzed = fuzzed;
        Optional<Tls> tls = fuzzed.setting(0) ? Optional.of(new Tls("TLSv1.3", "TLS_AES_128_GCM_SHA256")) : Optional.empty();
        engine = new SmtpServerEngine(new SmtpServerSettings("mx.example.org", service, fuzzed.setting(1), MAX_MAIL, MAX_RECIPIENTS,
                fuzzed.setting(2) ? 2 : 0, !fuzzed.setting(3), !fuzzed.setting(4)), tls);
        pump();
    }

    /** A session, its groups cut as that says. */
    static Outcome run(FuzzCase fuzzed, SmtpService service, List<byte[]> pieces) {
        SmtpHost host = new SmtpHost(fuzzed, service);
        pieces.forEach(host::receive);
        return host.outcome();
    }

    Outcome outcome() {
        return new Outcome(replies.toString(), List.copyOf(questions), List.copyOf(mails), closed);
    }

    void receive(byte[] octets) {
        if (!closed) {
            received += octets.length;
            engine.receive(octets.clone());
            pump();
            assertBounded();
        }
    }

    /** In proportion to what came, or below a limit. */
    private void assertBounded() {
        assertTrue(actions <= 8 + 4 * received, () -> actions + " actions for " + received + " octets");
        // The shortest command that has a long answer is EHLO with a name of one letter.
        assertTrue(replies.length() <= LONGEST_REPLY + 64 * received, () -> replies.length() + " octets for " + received);
        assertTrue(mail.size() <= Math.min(2 * received + 2, MAX_MAIL), () -> "mail data of " + mail.size());
        assertTrue(Retained.unread(engine) <= SaslDialog.MAX_LINE, () -> "kept " + Retained.unread(engine));
        assertTrue(!engine.inTransaction() || !closed, "a transaction without a session");
    }

    private void pump() {
        while (true) {
            actions++;
            switch (engine.next()) {
                case SmtpAction.Say(var reply) -> say(reply);
                case SmtpAction.MailData(var octets, var offset, var length) -> mail.write(octets, offset, length);
                case SmtpAction.Abandon _ -> abandon();
                case SmtpAction.Close _ -> closed = true;
                case SmtpAction.StartTls _ -> secured();
                case SmtpAction.AskCredentials(var offered) -> ask("login", offered.name(), Replies.LOGGED_IN, Replies.CREDENTIALS_INVALID);
                case SmtpAction.AskMail(var asked) -> askMail(asked);
                case SmtpAction.AskRecipient(var _, var path) -> ask("RCPT", path.forwardPath().text(), Replies.RECIPIENT_OK, Replies.UNKNOWN_RECIPIENT);
                case SmtpAction.AskData _ -> refusedData = !ask("DATA", "", Replies.START_DATA, Replies.NO_SPACE);
                case SmtpAction.AskAccept(var _, var octets) -> accept(octets);
                case SmtpAction.NeedInput _ -> {
                    return;
                }
                case SmtpAction.NeedAnswer _ -> throw new AssertionError("every question was answered");
            }
        }
    }

    private void say(Reply reply) {
        assertFalse(closed, "a reply behind the close");
        String wire = new String(reply.octets(), StandardCharsets.ISO_8859_1);
        assertTrue(REPLY.matcher(wire).matches(), wire);
        replies.append(wire);
    }

    private void secured() {
        if (!fuzzed.setting(5)) {
            engine.secured(new Tls("TLSv1.3", "TLS_AES_128_GCM_SHA256"));
        }
    }

    private void askMail(MailTransaction asked) {
        // A refused chunk ends the transaction without a word: whoever refused it knows.
        assertFalse(holdsMail && !refusedData, "a transaction in a transaction");
        refusedData = false;
        holdsMail = ask("MAIL", asked.reversePath().text(), Replies.MAIL_OK, Replies.NO_SPACE);
    }

    private void accept(long octets) {
        assertEquals(mail.size(), octets);
        String data = mail.toString(StandardCharsets.ISO_8859_1);
        if (ask("accept", "", Replies.accepted("7"), Replies.NOT_STORED)) {
            mails.add(data);
            mail.reset();
            holdsMail = false;
        }
    }

    private void abandon() {
        assertTrue(holdsMail, "nothing to abandon");
        holdsMail = false;
        mail.reset();
    }

    private boolean ask(String question, String detail, Reply yes, Reply no) {
        boolean agreed = fuzzed.agrees(questions.size());
        questions.add(question + " " + detail);
        engine.answer(agreed ? yes : no);
        return agreed;
    }
}
