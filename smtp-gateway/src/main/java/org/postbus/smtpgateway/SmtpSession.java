package org.postbus.smtpgateway;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.postbus.events.Envelope;
import org.postbus.events.FaultPoint;
import org.postbus.events.MailIds;
import org.postbus.gateway.Connection;
import org.postbus.gateway.Session;
import org.postbus.protocol.address.ForwardPath;
import org.postbus.protocol.message.TraceFacts;
import org.postbus.protocol.message.TraceFields;
import org.postbus.protocol.smtp.Helo;
import org.postbus.protocol.smtp.MailTransaction;
import org.postbus.protocol.smtp.Replies;
import org.postbus.protocol.smtp.Reply;
import org.postbus.protocol.smtp.SmtpAction;
import org.postbus.protocol.smtp.SmtpServerEngine;
import org.postbus.protocol.smtp.SmtpServerSettings;

/**
 * One SMTP connection: hands octets to the engine, does what it says, and minds the time. While an answer is on its
 * way, or a chunk, the connection is not read.
 */
final class SmtpSession implements Session {

    private static final Logger LOG = Logger.getLogger(SmtpSession.class);
    /** So much mail data buys a new data time-out: a trickle does not. */
    private static final int PROGRESS_OCTETS = 1024;

    /** What an operator decides about the time. */
    record Times(Duration command, Duration data, Duration allData) { }

    private final Connection connection;
    private final SmtpServerEngine engine;
    private final MailIntake intake;
    private final String hostname;
    private final Times times;
    private final UUID id = MailIds.mint();

    private Buffer replies = Buffer.buffer();
    private Optional<MailTransaction> transaction = Optional.empty();
    private Optional<UUID> mailId = Optional.empty();
    private Optional<ForwardPath> judged = Optional.empty();
    private Optional<IncomingMail> incoming = Optional.empty();
    private long dataSince;
    private int progress;
    private boolean waiting;
    private boolean draining;
    private boolean ended;

    SmtpSession(Connection connection, SmtpServerSettings settings, MailIntake intake, Times times) {
        this.connection = connection;
        this.engine = new SmtpServerEngine(settings);
        this.intake = intake;
        this.hostname = settings.hostname();
        this.times = times;
        intake.metrics().sessionOpened();
        expectCommand();
        pump();
    }

    // What the connection tells

    @Override
    public void onOctets(Buffer octets) {
        engine.receive(octets.getBytes());
        if (engine.inData()) {
            dataArrived(octets.length());
        }
        pump();
    }

    @Override
    public void onDeadline() {
        if (waiting) {
            expectCommand();
        } else if (ended || connection.writeQueueFull()) {
            // The client does not take what it was told: nothing more can be said.
            connection.close();
        } else {
            engine.terminate(engine.inData() ? Replies.DATA_TOO_SLOW : Replies.TIMEOUT);
            pump();
        }
    }

    @Override
    public void onDrain() {
        draining = true;
        if (!waiting) {
            pump();
        }
    }

    @Override
    public void onClosed() {
        ended = true;
        intake.metrics().sessionClosed();
        // A mail behind its final dot goes on to its end: the client may have it counted as sent.
        if (!waiting) {
            incoming.ifPresent(IncomingMail::abandon);
        }
    }

    private void dataArrived(int octets) {
        progress += octets;
        if (System.nanoTime() - dataSince > times.allData().toNanos()) {
            engine.terminate(Replies.DATA_TOO_SLOW);
        } else if (progress >= PROGRESS_OCTETS) {
            progress = 0;
            connection.expectWithin(times.data());
        }
    }

    private void expectCommand() {
        connection.expectWithin(times.command());
    }

    // What the engine wants

    private void pump() {
        while (!waiting && !ended) {
            switch (engine.next()) {
                case SmtpAction.Say(var reply) -> say(reply);
                case SmtpAction.MailData(var octets, var offset, var length) -> take(octets, offset, length);
                case SmtpAction.Question question -> ask(question);
                case SmtpAction.Abandon _ -> abandon();
                case SmtpAction.Close _ -> close();
                case SmtpAction.NeedInput _ -> {
                    if (!drained()) {
                        flush();
                        return;
                    }
                }
                case SmtpAction.NeedAnswer _ -> throw new IllegalStateException("a question was forgotten");
            }
        }
    }

    private void say(Reply reply) {
        replies.appendBytes(reply.octets());
        expectCommand();
        if (!reply.isPositive()) {
            refused(reply);
        }
        judged = Optional.empty();
        if (!engine.inTransaction()) {
            forget();
        }
    }

    private void flush() {
        if (replies.length() > 0) {
            connection.write(replies);
            replies = Buffer.buffer();
        }
    }

    private void close() {
        ended = true;
        flush();
        connection.closeAfterFlush();
    }

    /** Ends an idle session of a gateway that shuts down; an open transaction may go on. */
    private boolean drained() {
        if (!draining || engine.inTransaction() || ended) {
            return false;
        }
        engine.terminate(Replies.SHUTTING_DOWN);
        draining = false;
        return true;
    }

    // Questions

    private void ask(SmtpAction.Question question) {
        switch (question) {
            case SmtpAction.AskMail(var asked) -> engine.answer(begin(asked));
            case SmtpAction.AskRecipient(var _, var recipient) -> {
                judged = Optional.of(recipient);
                answerWith(intake.judge(recipient));
            }
            case SmtpAction.AskData(var asked) -> engine.answer(startData(asked));
            case SmtpAction.AskAccept _ -> {
                Future<Reply> reply = accept();
                answerWith(reply);
                reply.onComplete(ignored -> FaultPoint.SMTP_REPLIED.reached());
            }
        }
    }

    private Reply begin(MailTransaction asked) {
        transaction = Optional.of(asked);
        mailId = Optional.of(MailIds.mint());
        return intake.admit();
    }

    private Reply startData(MailTransaction asked) {
        incoming = intake.begin(envelope(asked, mailId.orElseThrow()), asked.parameters().declaredSize());
        dataSince = System.nanoTime();
        progress = 0;
        return incoming.isPresent() ? Replies.START_DATA : Replies.NO_SPACE;
    }

    private Future<Reply> accept() {
        IncomingMail mail = incoming.orElseThrow();
        long finalDot = System.nanoTime();
        FaultPoint.SMTP_DOT.reached();
        return mail.finish().map(ignored -> {
            FaultPoint.SMTP_ACKNOWLEDGED.reached();
            Reply reply = Replies.accepted(mail.envelope().mailId().toString());
            intake.accepted(mail, id, Duration.ofNanos(System.nanoTime() - finalDot), reply);
            return reply;
        }).otherwise(SmtpSession::reply);
    }

    private void answerWith(Future<Reply> reply) {
        await(reply, () -> engine.answer(reply.result()));
    }

    private void take(byte[] octets, int offset, int length) {
        Future<Void> taken = incoming.orElseThrow().take(octets, offset, length);
        await(taken, () -> {
            if (taken.failed()) {
                engine.refuseData(reply(taken.cause()));
            }
        });
    }

    /** Goes on at once where the future is there already; else the connection rests until it is. */
    private void await(Future<?> future, Runnable then) {
        if (future.isComplete()) {
            then.run();
            return;
        }
        waiting = true;
        flush();
        connection.holdReading();
        future.onComplete(ignored -> {
            waiting = false;
            if (ended) {
                incoming.ifPresent(IncomingMail::abandon);
                return;
            }
            then.run();
            connection.resumeReading();
            pump();
        });
    }

    private static Reply reply(Throwable failure) {
        if (failure instanceof MailRefused refused) {
            return refused.reply();
        }
        LOG.error("A mail failed without a known reason", failure);
        return Replies.NOT_STORED;
    }

    // The mail

    private Envelope envelope(MailTransaction asked, UUID mail) {
        List<ForwardPath> recipients = asked.recipients();
        Optional<Helo> helo = engine.helo();
        String protocol = helo.map(Helo::protocol).orElse("SMTP");
        Instant now = Instant.now();
        String traceFields = TraceFields.of(new TraceFacts(helo.map(Helo::name), connection.peer(), hostname, protocol,
                mail.toString(), recipients.size() == 1 ? Optional.of(recipients.getFirst()) : Optional.empty(), now));
        return new Envelope(mail, asked.reversePath().text(), recipients.stream().map(ForwardPath::text).toList(),
                asked.parameters().eightBit() ? "8BITMIME" : "7BIT",
                new Envelope.Client(connection.peerAddress(), helo.map(Helo::name).orElse("")),
                protocol, hostname, now, intake.directoryOffset(), traceFields);
    }

    private void abandon() {
        incoming.ifPresent(IncomingMail::abandon);
        incoming = Optional.empty();
    }

    private void forget() {
        incoming = Optional.empty();
        mailId = Optional.empty();
        transaction = Optional.empty();
    }

    // What people are told

    private void refused(Reply reply) {
        intake.metrics().refused(reply);
        if (isHistory(reply)) {
            intake.trail().refused(new SmtpTrail.Refusal(id, mailId, connection.peerAddress(),
                    transaction.map(open -> open.reversePath().text()), judged.map(ForwardPath::text)), reply);
        }
    }

    /** Bad commands and idle sessions are no history of any mail. */
    private boolean isHistory(Reply reply) {
        boolean syntaxOrOrder = reply.code() >= 500 && reply.code() <= 504 || reply.code() == 555;
        boolean idle = reply.code() == 421 && mailId.isEmpty();
        return !syntaxOrOrder && !idle;
    }
}
