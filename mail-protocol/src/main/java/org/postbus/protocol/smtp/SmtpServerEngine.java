package org.postbus.protocol.smtp;

import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.function.Consumer;
import org.postbus.protocol.sasl.SaslDialog;
import org.postbus.protocol.tls.Tls;

/**
 * One SMTP session as its server sees it (RFC 5321). Octets come in by {@link #receive}, {@link #next} hands out what
 * to do, one action at a time, until it asks for input or for an answer.
 *
 * <p>A question to the host stops parsing until {@link #answer}. So replies keep the order of the commands however
 * they were pipelined, and one session never has two questions open. While a question is open or mail data waits,
 * the host should not read from the connection: octets that it gives anyway are kept.
 *
 * <p>Not for several threads at once. Everything that affects the order of a session lives in this file.
 */
public final class SmtpServerEngine {

    private static final SmtpState IDLE = new SmtpState.Idle();
    private static final SmtpAction NEED_INPUT = new SmtpAction.NeedInput();
    private static final SmtpAction NEED_ANSWER = new SmtpAction.NeedAnswer();

    private final SmtpServerSettings settings;
    private final Input input = new Input();
    private final Queue<SmtpAction> ready = new ArrayDeque<>(4);

    private SmtpState state = IDLE;
    private final SessionSecurity security;
    private Optional<Helo> helo = Optional.empty();
    private int badCommands;
    private int mails;

    /**
     * Begins the session: the first action is the greeting.
     *
     * @param tls of a connection that began with its handshake
     */
    public SmtpServerEngine(SmtpServerSettings settings, Optional<Tls> tls) {
        this.settings = settings;
        this.security = new SessionSecurity(settings, tls);
        say(Replies.greeting(settings.hostname()));
    }

    /** How the client greeted; empty while it has not. */
    public Optional<Helo> helo() {
        return helo;
    }

    /** What protects the connection; empty in clear text. */
    public Optional<Tls> tls() {
        return security.tls();
    }

    /** The transmission type for the Received field (RFC 3848). */
    public String protocol() {
        return security.protocol(helo.map(Helo::extended).orElse(false));
    }

    /** Whether a mail transaction is open: a server that shuts down lets it end first. */
    public boolean inTransaction() {
        return state.inTransaction();
    }

    /** Whether mail data is arriving: the time-outs are others then (RFC 5321, section 4.5.3.2). */
    public boolean inData() {
        return state instanceof SmtpState.Receiving || state instanceof SmtpState.Skipping;
    }

    /** Takes octets of the client. The array belongs to the engine from now on. */
    public void receive(byte[] octets) {
        if (state instanceof SmtpState.Handshaking) {
            // Whoever put them behind STARTTLS wants them to be taken for the client's own (RFC 3207, section 6).
            end();
        } else if (!(state instanceof SmtpState.Closed)) {
            input.append(octets);
        }
    }

    /**
     * The handshake has ended well: all that was said before it is forgotten (RFC 3207, section 4.2).
     *
     * @throws IllegalStateException where no handshake was asked for
     */
    public void secured(Tls agreed) {
        if (state instanceof SmtpState.Closed) {
            return;
        }
        if (!(state instanceof SmtpState.Handshaking)) {
            throw new IllegalStateException("no handshake was asked for");
        }
        security.secured(agreed);
        helo = Optional.empty();
        state = IDLE;
    }

    /** The next action; {@code NeedInput} and {@code NeedAnswer} come again until there is something to do. */
    public SmtpAction next() {
        while (ready.isEmpty()) {
            boolean progress = switch (state) {
                case SmtpState.Idle _, SmtpState.Open _, SmtpState.BetweenChunks _ -> readCommand();
                case SmtpState.Receiving(var transaction, var data) -> readData(transaction, data);
                case SmtpState.Skipping skipping -> skip(skipping);
                case SmtpState.LoggingIn(var dialog) -> readResponse(dialog);
                case SmtpState.Asking _, SmtpState.Handshaking _, SmtpState.Closed _ -> false;
            };
            if (!progress) {
                return state instanceof SmtpState.Asking ? NEED_ANSWER : NEED_INPUT;
            }
        }
        return ready.remove();
    }

    /**
     * Answers the open question; the reply goes to the client. Nothing happens where the session has ended since.
     *
     * @throws IllegalStateException where no question is open
     */
    public void answer(Reply reply) {
        if (state instanceof SmtpState.Asking(var question, var chunk)) {
            answer(question, chunk, reply);
        } else if (!(state instanceof SmtpState.Closed)) {
            throw new IllegalStateException("no question is open");
        }
    }

    /**
     * Refuses the mail whose data is arriving. What still comes of it is read to its end and dropped, then the client
     * gets the reply.
     */
    public void refuseData(Reply reply) {
        if (state instanceof SmtpState.Receiving(var _, var data) && data.refusal().isEmpty()) {
            data.refuse(reply);
            ready.add(new SmtpAction.Abandon());
        }
    }

    /** Ends the session: for a time-out, or because the server stops. */
    public void terminate(Reply reply) {
        if (!(state instanceof SmtpState.Closed)) {
            close(reply);
        }
    }

    // Commands

    private boolean readCommand() {
        return readLine(CommandLines.next(input), this::command);
    }

    private boolean readLine(CommandLines.Found found, Consumer<String> then) {
        switch (found) {
            case CommandLines.Found.Nothing _ -> {
                return false;
            }
            case CommandLines.Found.Fault(var reply) -> close(reply);
            case CommandLines.Found.Line(var line) -> then.accept(line);
        }
        return true;
    }

    private void command(String line) {
        String name = CommandParser.verb(line);
        if (line.indexOf('\0') >= 0) {
            bad(Replies.NUL_IN_COMMAND);
        } else if (Verb.isHttp(name)) {
            close(Replies.NOT_HTTP);
        } else {
            Verb.of(name).ifPresentOrElse(verb -> command(verb, line), () -> bad(Replies.UNKNOWN_COMMAND));
        }
    }

    private void command(Verb verb, String line) {
        Optional<Reply> outOfOrder = verb.outOfOrder(state, helo.isPresent() || !settings.requireHelo());
        if (verb.group == Verb.Group.LAST && !input.isEmpty()) {
            close(Replies.NOT_LAST_IN_GROUP);
        } else if (outOfOrder.isPresent()) {
            bad(outOfOrder.get());
        } else {
            execute(CommandParser.parse(verb, line, settings.service()));
        }
    }

    private void execute(Command command) {
        switch (command) {
            case Command.Greet(var greeting) -> greet(greeting);
            case Command.Mail(var reversePath, var parameters) -> mail(new MailTransaction(reversePath, parameters));
            case Command.Rcpt rcpt -> rcpt(rcpt);
            case Command.Data _ -> data();
            case Command.Bdat chunk -> bdat(chunk);
            case Command.StartTls _ -> startTls();
            case Command.Auth auth -> logIn(auth);
            case Command.Rset _ -> {
                endTransaction();
                say(Replies.RESET);
            }
            case Command.Quit _ -> close(Replies.quit(settings.hostname()));
            case Command.Fixed(var reply) -> say(reply);
            case Command.Bad(var reply) -> bad(reply);
            case Command.Fatal(var reply) -> close(reply);
        }
    }

    private void greet(Helo greeting) {
        endTransaction();
        helo = Optional.of(greeting);
        say(security.replyTo(greeting));
    }

    private void mail(MailTransaction transaction) {
        Optional<Reply> refusal = security.refusalOfMail();
        if (settings.maxMails() > 0 && mails >= settings.maxMails()) {
            close(Replies.TOO_MANY_MAILS);
        } else if (refusal.isPresent()) {
            bad(refusal.get());
        } else if (transaction.parameters().declaredSize().orElse(0) > settings.maxMessageSize()) {
            say(Replies.TOO_LARGE);
        } else {
            mails++;
            ask(new SmtpAction.AskMail(transaction));
        }
    }

    private void rcpt(Command.Rcpt rcpt) {
        MailTransaction transaction = open();
        if (!rcpt.recipient().forwardPath().isAscii() && !transaction.parameters().smtpUtf8()) {
            bad(Replies.NOT_ASCII);
        } else if (transaction.recipients().size() >= settings.maxRecipients()) {
            say(Replies.TOO_MANY_RECIPIENTS);
        } else {
            ask(new SmtpAction.AskRecipient(transaction, rcpt.recipient()));
        }
    }

    private void data() {
        MailTransaction transaction = open();
        if (transaction.recipients().isEmpty()) {
            bad(Replies.NO_RECIPIENTS);
        } else {
            ask(new SmtpAction.AskData(transaction));
        }
    }

    private MailTransaction open() {
        return ((SmtpState.Open) state).transaction();
    }

    private void bdat(Command.Bdat chunk) {
        if (chunk.octets() > settings.maxMessageSize() + SmtpLimits.EXCESS) {
            close(Replies.TOO_LARGE);
            return;
        }
        switch (state) {
            case SmtpState.BetweenChunks(var transaction, var data) -> {
                data.beginChunk(chunk);
                state = new SmtpState.Receiving(transaction, data);
            }
            case SmtpState.Open(var transaction) when !transaction.recipients().isEmpty() ->
                    ask(new SmtpAction.AskData(transaction), Optional.of(chunk));
            case SmtpState.Open _ -> state = new SmtpState.Skipping(chunk.octets(), Replies.NO_RECIPIENTS, state);
            case SmtpState other -> state = new SmtpState.Skipping(chunk.octets(), Replies.MAIL_FIRST, other);
        }
    }

    // TLS and logins

    private void startTls() {
        security.refusalOfStartTls().ifPresentOrElse(this::bad, () -> {
            say(Replies.READY_FOR_TLS);
            ready.add(new SmtpAction.StartTls());
            state = new SmtpState.Handshaking();
        });
    }

    private void logIn(Command.Auth auth) {
        SaslDialog dialog = new SaslDialog(auth.mechanism());
        security.refusalOfAuth().ifPresentOrElse(this::bad, () -> proceed(dialog, dialog.begin(auth.initialResponse())));
    }

    private boolean readResponse(SaslDialog dialog) {
        return readLine(CommandLines.nextResponse(input), line -> proceed(dialog, dialog.respond(line)));
    }

    private void proceed(SaslDialog dialog, SaslDialog.Step step) {
        state = IDLE;
        switch (step) {
            case SaslDialog.Step.Challenge(var base64) -> {
                state = new SmtpState.LoggingIn(dialog);
                say(Replies.challenge(base64));
            }
            case SaslDialog.Step.Offered(var credentials) -> ask(new SmtpAction.AskCredentials(credentials));
            case SaslDialog.Step.Malformed _ -> bad(Replies.BAD_RESPONSE);
            case SaslDialog.Step.Cancelled _ -> bad(Replies.CANCELLED);
            case SaslDialog.Step.Foreign _ -> judged(Replies.CREDENTIALS_INVALID);
        }
    }

    private void judged(Reply reply) {
        state = IDLE;
        if (reply.isPositive()) {
            security.loggedIn();
            say(reply);
        } else if (security.isLastFailure()) {
            close(Replies.TOO_MANY_LOGINS);
        } else {
            say(reply);
        }
    }

    // Questions

    private void ask(SmtpAction.Question question, Optional<Command.Bdat> chunk) {
        state = new SmtpState.Asking(question, chunk);
        ready.add(question);
    }

    private void ask(SmtpAction.Question question) {
        ask(question, Optional.empty());
    }

    private void answer(SmtpAction.Question question, Optional<Command.Bdat> chunk, Reply reply) {
        switch (question) {
            case SmtpAction.AskCredentials _ -> {
                judged(reply);
                return;
            }
            case SmtpAction.AskMail(var transaction) ->
                    state = reply.isPositive() ? new SmtpState.Open(transaction) : IDLE;
            case SmtpAction.AskRecipient(var transaction, var recipient) -> {
                state = new SmtpState.Open(transaction);
                if (reply.isPositive()) {
                    transaction.add(recipient);
                }
            }
            case SmtpAction.AskData(var transaction) when chunk.isPresent() -> {
                if (reply.isPositive()) {
                    state = new SmtpState.Receiving(transaction, DataPhase.chunked(settings.maxMessageSize(), chunk.get()));
                } else {
                    ready.add(new SmtpAction.Abandon());
                    state = new SmtpState.Skipping(chunk.get().octets(), reply, IDLE);
                }
                return;
            }
            case SmtpAction.AskData(var transaction) -> {
                if (!input.isEmpty()) {
                    close(Replies.NOT_LAST_IN_GROUP);
                    return;
                }
                state = reply.isPositive()
                        ? new SmtpState.Receiving(transaction, DataPhase.dotted(settings.maxMessageSize()))
                        : new SmtpState.Open(transaction);
            }
            case SmtpAction.AskAccept _ -> {
                if (!reply.isPositive()) {
                    ready.add(new SmtpAction.Abandon());
                }
                state = IDLE;
            }
        }
        say(reply);
    }

    // Mail data

    private boolean readData(MailTransaction transaction, DataPhase data) {
        switch (data.reader.next(input)) {
            case NOTHING -> {
                return false;
            }
            case SLICE -> {
                data.slice().ifPresent(ready::add);
                // The end is still waited for, so that the text of a refused mail is never read as commands.
                if (data.pastExcess()) {
                    close(data.refusal().orElse(Replies.TEXT_LINE_TOO_LONG));
                }
            }
            case END -> endOfData(transaction, data);
            case BARE_LINE_END -> close(Replies.BARE_LINE_END_IN_DATA);
        }
        return true;
    }

    private void endOfData(MailTransaction transaction, DataPhase data) {
        data.refusal().ifPresentOrElse(
                refusal -> {
                    state = IDLE;
                    say(refusal);
                },
                () -> {
                    if (data.isComplete()) {
                        ask(new SmtpAction.AskAccept(transaction, data.octets()));
                    } else {
                        state = new SmtpState.BetweenChunks(transaction, data);
                        say(Replies.chunk(data.octets()));
                    }
                });
    }

    private boolean skip(SmtpState.Skipping skipping) {
        long count = Math.min(skipping.left(), input.available());
        input.at += (int) count;
        if (count < skipping.left()) {
            state = new SmtpState.Skipping(skipping.left() - count, skipping.reply(), skipping.after());
            return false;
        }
        state = skipping.after();
        if (skipping.reply().code() < 500) {
            say(skipping.reply());
        } else {
            bad(skipping.reply());
        }
        return true;
    }

    // Ends

    private void endTransaction() {
        if (state.hostHoldsMail()) {
            ready.add(new SmtpAction.Abandon());
        }
        state = IDLE;
    }

    private void bad(Reply reply) {
        badCommands++;
        if (badCommands > SmtpLimits.BAD_COMMANDS) {
            close(Replies.TOO_MANY_ERRORS);
        } else {
            say(reply);
        }
    }

    private void close(Reply reply) {
        endTransaction();
        say(reply);
        end();
    }

    private void end() {
        ready.add(new SmtpAction.Close());
        state = new SmtpState.Closed();
        input.drop();
    }

    private void say(Reply reply) {
        ready.add(new SmtpAction.Say(reply));
    }
}
