package org.postbus.smtpgateway;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.postbus.events.FaultPoint;
import org.postbus.events.MailIds;
import org.postbus.gateway.Certificates;
import org.postbus.gateway.Connection;
import org.postbus.gateway.Session;
import org.postbus.protocol.address.ForwardPath;
import org.postbus.protocol.sasl.Credentials;
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

    /** What an operator decides about the time. */
    record Times(Duration command, Duration crowdedCommand, Duration data, Duration allData, Duration session) { }

    private final Connection connection;
    private final SmtpServerEngine engine;
    private final MailIntake intake;
    private final LoginAttempts logins;
    private final String hostname;
    private final Times times;
    private final DataTime dataTime;
    private final long since = System.nanoTime();
    private final UUID id = MailIds.mint();

    private Buffer replies = Buffer.buffer();
    private Optional<Reception> reception = Optional.empty();
    private Optional<ForwardPath> judged = Optional.empty();
    private boolean waiting;
    private boolean draining;
    private boolean terminated;
    private boolean ended;

    /** @param blocklist who may not even begin; empty where everybody may */
    SmtpSession(Connection connection, SmtpServerSettings settings, MailIntake intake, LoginAttempts logins, Times times,
            Optional<Blocklists> blocklist) {
        this.connection = connection;
        this.engine = new SmtpServerEngine(settings, connection.tls());
        this.intake = intake;
        this.logins = logins;
        this.hostname = settings.hostname();
        this.times = times;
        this.dataTime = new DataTime(times.allData());
        intake.metrics().sessionOpened();
        expectCommand();
        Future<Boolean> listed = blocklist.map(lists -> lists.list(connection.peer())).orElseGet(() -> Future.succeededFuture(false));
        await(listed, () -> {
            if (listed.result()) {
                refuseService();
            }
        });
        pump();
    }

    /** In place of the greeting (RFC 5321, section 3.1). */
    private void refuseService() {
        say(Replies.LISTED);
        close();
    }

    // What the connection tells

    @Override
    public void onOctets(Buffer octets) {
        engine.receive(Connection.octets(octets));
        if (engine.inData() && dataTime.goesOn(octets.length())) {
            connection.expectWithin(times.data());
        }
        pump();
        if (dataTime.isOver(engine) && !waiting && !ended) {
            engine.terminate(Replies.DATA_TOO_SLOW);
            pump();
        }
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
            abandon();
        }
    }

    private void expectCommand() {
        connection.expectWithin(connection.crowded() ? times.crowdedCommand() : times.command());
    }

    // What the engine wants

    private void pump() {
        while (!waiting && !ended) {
            switch (engine.next()) {
                case SmtpAction.Say(var reply) -> say(reply);
                case SmtpAction.MailData(var octets, var offset, var length) -> take(octets, offset, length);
                case SmtpAction.Question question -> ask(question);
                case SmtpAction.StartTls _ -> startTls();
                case SmtpAction.Abandon _ -> abandon();
                case SmtpAction.Close _ -> close();
                case SmtpAction.NeedInput _ -> {
                    if (!isOver()) {
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
            reception = Optional.empty();
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

    private void startTls() {
        waiting = true;
        flush();
        connection.expectWithin(Certificates.HANDSHAKE_WITHIN);
        connection.startTls().onSuccess(tls -> {
            waiting = false;
            logins.forget();
            engine.secured(tls);
            expectCommand();
            pump();
        });
    }

    /** Ends an idle session of a gateway that shuts down, or one that lasts too long; an open transaction may go on. */
    private boolean isOver() {
        boolean tooLong = System.nanoTime() - since > times.session().toNanos();
        if (ended || terminated || engine.inTransaction() || !draining && !tooLong) {
            return false;
        }
        engine.terminate(draining ? Replies.SHUTTING_DOWN : Replies.SESSION_TOO_LONG);
        terminated = true;
        return true;
    }

    // Questions

    private void ask(SmtpAction.Question question) {
        switch (question) {
            case SmtpAction.AskCredentials(Credentials offered) -> answerWith(logins.judge(offered, connection.peerAddress()));
            case SmtpAction.AskMail(MailTransaction asked) -> {
                reception = Optional.of(new Reception(intake, asked));
                answerWith(intake.admit(asked.reversePath(), logins.login(), connection));
            }
            case SmtpAction.AskRecipient(var _, var recipient) -> {
                judged = Optional.of(recipient.forwardPath());
                answerWith(intake.judge(recipient.forwardPath(), logins.login(), connection)
                        .map(reply -> reply.isPositive() && !reception.orElseThrow().roomFor(recipient) ? Replies.NO_SPACE : reply));
            }
            case SmtpAction.AskData _ -> {
                dataTime.begin();
                engine.answer(reception.orElseThrow().startData(origin()));
            }
            case SmtpAction.AskAccept _ -> {
                Future<Reply> reply = reception.orElseThrow().accept(origin());
                answerWith(reply);
                reply.onComplete(ignored -> FaultPoint.SMTP_REPLIED.reached());
            }
        }
    }

    private void answerWith(Future<Reply> reply) {
        await(reply, () -> engine.answer(reply.result()));
    }

    private void take(byte[] octets, int offset, int length) {
        Future<Void> taken = reception.orElseThrow().take(octets, offset, length);
        await(taken, () -> {
            if (taken.failed()) {
                engine.refuseData(Reception.reply(taken.cause()));
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
                abandon();
                return;
            }
            then.run();
            connection.resumeReading();
            pump();
        });
    }

    private Reception.Origin origin() {
        return new Reception.Origin(id, connection.peer(), engine.helo(), engine.protocol(), engine.tls(), logins.login(),
                intake.relays(logins.login(), connection), hostname);
    }

    private void abandon() {
        reception.ifPresent(Reception::abandon);
    }

    // What people are told

    private void refused(Reply reply) {
        intake.metrics().refused(reply);
        if (isHistory(reply)) {
            intake.trail().refused(new SmtpTrail.Refusal(id, reception.map(Reception::mailId), connection.peerAddress(),
                    reception.map(Reception::reversePath), judged.map(ForwardPath::text)), reply);
        }
    }

    /** Bad commands and idle sessions are no history of any mail. */
    private boolean isHistory(Reply reply) {
        boolean syntaxOrOrder = reply.code() >= 500 && reply.code() <= 504 || reply.code() == 555;
        boolean idle = reply.code() == 421 && reception.isEmpty();
        return !syntaxOrOrder && !idle;
    }
}
