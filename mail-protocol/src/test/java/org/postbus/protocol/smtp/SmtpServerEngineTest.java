package org.postbus.protocol.smtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postbus.protocol.sasl.Credentials;
import org.postbus.protocol.tls.Tls;

/** What transcripts cannot show: the engine's side towards its host, and large input. */
class SmtpServerEngineTest {

    private static final int MAX = 100_000;

    private final SmtpServerEngine engine = new SmtpServerEngine(settings(SmtpService.MX, MAX), Optional.empty());

    @BeforeEach
    void greet() {
        assertEquals(220, said());
        receive("EHLO client.test\r\n");
        assertEquals(250, said());
    }

    @Test
    void aQuestionSuspendsParsing() {
        receive("MAIL FROM:<a@b>\r\nRSET\r\n");
        assertInstanceOf(SmtpAction.AskMail.class, engine.next());
        assertInstanceOf(SmtpAction.NeedAnswer.class, engine.next());
        receive("NOOP\r\n");
        assertInstanceOf(SmtpAction.NeedAnswer.class, engine.next());
        engine.answer(Replies.MAIL_OK);
        assertEquals(250, said());
        assertInstanceOf(SmtpAction.Abandon.class, engine.next());
        assertEquals(Replies.RESET, ((SmtpAction.Say) engine.next()).reply());
        assertEquals(Replies.NOOP, ((SmtpAction.Say) engine.next()).reply());
        assertInstanceOf(SmtpAction.NeedInput.class, engine.next());
        assertThrows(IllegalStateException.class, () -> engine.answer(Replies.MAIL_OK));
    }

    @Test
    void aRefusedMailOpensNoTransaction() {
        receive("MAIL FROM:<a@b>\r\n");
        engine.next();
        engine.answer(Replies.NO_SPACE);
        assertEquals(452, said());
        assertFalse(engine.inTransaction());
    }

    @ParameterizedTest
    @ValueSource(strings = {"EHLO a\r\nNOOP\r\n", "HELO a\r\nN"})
    void aGroupEndsAtTheGreeting(String group) {
        receive(group);
        assertEquals(554, said());
        assertInstanceOf(SmtpAction.Close.class, engine.next());
    }

    @Test
    void aGroupEndsAtData() {
        openTransaction();
        receive("DATA\r\nSubject: too early\r\n");
        assertInstanceOf(SmtpAction.Abandon.class, engine.next());
        assertEquals(554, said());
        assertInstanceOf(SmtpAction.Close.class, engine.next());
    }

    @Test
    void mailDataBeforeThe354EndsTheSession() {
        openTransaction();
        receive("DATA\r\n");
        assertInstanceOf(SmtpAction.AskData.class, engine.next());
        receive("Subject: too early\r\n");
        engine.answer(Replies.START_DATA);
        assertInstanceOf(SmtpAction.Abandon.class, engine.next());
        assertEquals(554, said());
    }

    @Test
    void noRoomForDataKeepsTheTransaction() {
        openTransaction();
        receive("DATA\r\n");
        engine.next();
        engine.answer(Replies.NO_SPACE);
        assertEquals(452, said());
        assertTrue(engine.inTransaction());
        assertFalse(engine.inData());
    }

    @Test
    void theHostCanRefuseDataOnItsWay() {
        startData();
        receive("first line\r\n");
        assertInstanceOf(SmtpAction.MailData.class, engine.next());
        engine.refuseData(Replies.NOT_STORED);
        engine.refuseData(Replies.NO_SPACE);
        assertInstanceOf(SmtpAction.Abandon.class, engine.next());
        receive("second line\r\n.\r\nNOOP\r\n");
        assertEquals(Replies.NOT_STORED, ((SmtpAction.Say) engine.next()).reply());
        assertEquals(250, said());
    }

    @Test
    void aMailThatIsNotSafeIsAbandoned() {
        startData();
        receive("x\r\n.\r\n");
        engine.next();
        assertEquals(3, ((SmtpAction.AskAccept) engine.next()).octets());
        engine.answer(Replies.NOT_STORED);
        assertInstanceOf(SmtpAction.Abandon.class, engine.next());
        assertEquals(451, said());
        assertFalse(engine.inTransaction());
    }

    @Test
    void excessEndsTheSessionBeforeTheData() {
        startData();
        receive("x\r\n".repeat(MAX / 3 + 1));
        assertInstanceOf(SmtpAction.Abandon.class, engine.next());
        assertInstanceOf(SmtpAction.NeedInput.class, engine.next());
        for (int sent = 0; sent + 3000 < SmtpLimits.EXCESS; sent += 3000) {
            receive("y\r\n".repeat(1000));
            engine.next();
        }
        receive("z\r\n".repeat(1000));
        assertEquals(552, saidLast());
    }

    @Test
    void aHeaderSectionHasALimitOfItsOwn() {
        SmtpServerEngine large = new SmtpServerEngine(
                new SmtpServerSettings("mx", SmtpService.MX, false, 10_000_000, 10, 0, false, false), Optional.empty());
        open(large);
        large.receive(octets("DATA\r\n"));
        large.next();
        large.answer(Replies.START_DATA);
        large.next();
        large.receive(octets("Field: value\r\n".repeat(20_000) + "\r\nbody\r\n.\r\n"));
        assertInstanceOf(SmtpAction.Abandon.class, large.next());
        assertEquals(Replies.HEADER_TOO_LARGE, ((SmtpAction.Say) large.next()).reply());
    }

    @Test
    void terminationAbandonsAndLaterAnswersAreIgnored() {
        startData();
        receive("x\r\n.\r\n");
        engine.next();
        assertInstanceOf(SmtpAction.AskAccept.class, engine.next());
        engine.terminate(Replies.TIMEOUT);
        assertInstanceOf(SmtpAction.Abandon.class, engine.next());
        assertEquals(421, said());
        assertInstanceOf(SmtpAction.Close.class, engine.next());
        engine.answer(Replies.accepted("x"));
        receive("NOOP\r\n");
        assertInstanceOf(SmtpAction.NeedInput.class, engine.next());
    }

    @Test
    void withoutTlsNobodyLogsInAndNothingIsEvaluated() {
        SmtpServerEngine submission = submission(Optional.empty());
        assertFalse(greeted(submission).contains("AUTH PLAIN LOGIN"));
        assertEquals(Replies.ENCRYPT_FIRST, reply(submission, "AUTH PLAIN AGEAYg==\r\n"));
        assertEquals(Replies.START_TLS_FIRST, reply(submission, "MAIL FROM:<a@b>\r\n"));
        assertEquals("ESMTP", submission.protocol());
    }

    @Test
    void underTlsALoginIsAsked() {
        SmtpServerEngine submission = submission(Optional.of(new Tls("TLSv1.3", "x")));
        assertTrue(greeted(submission).contains("AUTH PLAIN LOGIN"));
        submission.receive(octets("AUTH PLAIN AGEAYg==\r\n"));
        assertEquals(new Credentials("a", "b"), ((SmtpAction.AskCredentials) submission.next()).credentials());
        submission.answer(Replies.CANNOT_JUDGE);
        assertEquals(Replies.CANNOT_JUDGE, ((SmtpAction.Say) submission.next()).reply());
        submission.receive(octets("AUTH PLAIN AGEAYg==\r\n"));
        submission.next();
        submission.answer(Replies.LOGGED_IN);
        assertEquals("ESMTPSA", submission.protocol());
        assertFalse(submission.inTransaction());
    }

    @Test
    void octetsBehindStartTlsAreNeverCommands() {
        receive("STARTTLS\r\nEHLO x\r\nMAIL FROM:<a@b>\r\n");
        assertEquals(554, said());
        assertInstanceOf(SmtpAction.Close.class, engine.next());
    }

    @Test
    void octetsDuringTheHandshakeEndTheSession() {
        receive("STARTTLS\r\n");
        assertEquals(220, said());
        assertInstanceOf(SmtpAction.StartTls.class, engine.next());
        assertInstanceOf(SmtpAction.NeedInput.class, engine.next());
        receive("EHLO x\r\n");
        assertInstanceOf(SmtpAction.Close.class, engine.next());
        engine.secured(new Tls("TLSv1.3", "x"));
        assertInstanceOf(SmtpAction.NeedInput.class, engine.next());
        assertEquals(Optional.empty(), engine.tls());
    }

    @Test
    void aSessionHasItsNumberOfMails() {
        assertTrue(reply(engine, "EHLO client.test\r\n").lines().contains("LIMITS RCPTMAX=10 MAILMAX=3"));
        for (int i = 0; i < 3; i++) {
            receive("MAIL FROM:<a@b>\r\n");
            engine.next();
            engine.answer(Replies.NO_SPACE);
            assertEquals(452, said());
        }
        receive("MAIL FROM:<a@b>\r\n");
        assertEquals(421, said());
        assertInstanceOf(SmtpAction.Close.class, engine.next());
    }

    @Test
    void noRoomForAChunkEndsTheTransactionBehindIt() {
        openTransaction();
        receive("BDAT 6 LAST\r\nQUIT\r\nNOOP\r\n");
        assertInstanceOf(SmtpAction.AskData.class, engine.next());
        engine.answer(Replies.NO_SPACE);
        assertInstanceOf(SmtpAction.Abandon.class, engine.next());
        assertEquals(452, said());
        assertEquals(250, said());
        assertFalse(engine.inTransaction());
    }

    private static SmtpServerEngine submission(Optional<Tls> tls) {
        SmtpServerEngine submission = new SmtpServerEngine(settings(SmtpService.SUBMISSION, MAX), tls);
        submission.next();
        return submission;
    }

    private static List<String> greeted(SmtpServerEngine engine) {
        return reply(engine, "EHLO client.test\r\n").lines();
    }

    private static Reply reply(SmtpServerEngine engine, String line) {
        engine.receive(octets(line));
        return assertInstanceOf(SmtpAction.Say.class, engine.next()).reply();
    }

    private static SmtpServerSettings settings(SmtpService service, long maxMessageSize) {
        return new SmtpServerSettings("mx.example.org", service, true, maxMessageSize, 10, 3, true, false);
    }

    private void openTransaction() {
        open(engine);
    }

    private static void open(SmtpServerEngine engine) {
        engine.receive(octets("MAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\n"));
        while (true) {
            switch (engine.next()) {
                case SmtpAction.AskMail _ -> engine.answer(Replies.MAIL_OK);
                case SmtpAction.AskRecipient _ -> engine.answer(Replies.RECIPIENT_OK);
                case SmtpAction.NeedInput _ -> {
                    return;
                }
                case SmtpAction other -> assertInstanceOf(SmtpAction.Say.class, other);
            }
        }
    }

    private void startData() {
        openTransaction();
        receive("DATA\r\n");
        engine.next();
        engine.answer(Replies.START_DATA);
        assertEquals(354, said());
    }

    private void receive(String text) {
        engine.receive(octets(text));
    }

    private static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private int said() {
        return assertInstanceOf(SmtpAction.Say.class, engine.next()).reply().code();
    }

    private int saidLast() {
        int code = 0;
        for (SmtpAction action = engine.next(); !(action instanceof SmtpAction.Close); action = engine.next()) {
            code = action instanceof SmtpAction.Say(var reply) ? reply.code() : code;
            assertFalse(action instanceof SmtpAction.NeedInput, "the session goes on");
        }
        return code;
    }
}
