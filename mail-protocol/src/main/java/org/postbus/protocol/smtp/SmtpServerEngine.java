package org.postbus.protocol.smtp;

import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;

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

    private sealed interface State {
        /** No mail transaction. */
        record Idle() implements State {}

        /** A mail transaction takes recipients. */
        record Open(MailTransaction transaction) implements State {}

        /** Mail data arrives. */
        record Receiving(MailTransaction transaction, DataPhase data) implements State {}

        /** The host owes an answer. */
        record Asking(SmtpAction.Question question) implements State {}

        /** Nothing that the client sends is read any more. */
        record Closed() implements State {}
    }

    private static final State IDLE = new State.Idle();
    private static final SmtpAction NEED_INPUT = new SmtpAction.NeedInput();
    private static final SmtpAction NEED_ANSWER = new SmtpAction.NeedAnswer();

    private final SmtpServerSettings settings;
    private final Input input = new Input();
    private final Queue<SmtpAction> ready = new ArrayDeque<>(4);

    private State state = IDLE;
    private Optional<Helo> helo = Optional.empty();
    private int badCommands;

    /** Begins the session: the first action is the greeting. */
    public SmtpServerEngine(SmtpServerSettings settings) {
        this.settings = settings;
        say(Replies.greeting(settings.hostname()));
    }

    /** How the client greeted; empty while it has not. */
    public Optional<Helo> helo() {
        return helo;
    }

    /** Whether a mail transaction is open: a server that shuts down lets it end first. */
    public boolean inTransaction() {
        return !(state instanceof State.Idle || state instanceof State.Closed);
    }

    /** Whether mail data is arriving: the time-outs are others then (RFC 5321, section 4.5.3.2). */
    public boolean inData() {
        return state instanceof State.Receiving;
    }

    /** Takes octets of the client. The array belongs to the engine from now on. */
    public void receive(byte[] octets) {
        if (!(state instanceof State.Closed)) {
            input.append(octets);
        }
    }

    /** The next action; {@code NeedInput} and {@code NeedAnswer} come again until there is something to do. */
    public SmtpAction next() {
        while (ready.isEmpty()) {
            boolean progress = switch (state) {
                case State.Idle _, State.Open _ -> readCommand();
                case State.Receiving(var transaction, var data) -> readData(transaction, data);
                case State.Asking _, State.Closed _ -> false;
            };
            if (!progress) {
                return state instanceof State.Asking ? NEED_ANSWER : NEED_INPUT;
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
        switch (state) {
            case State.Asking(var question) -> answer(question, reply);
            case State.Closed _ -> { }
            case State.Idle _, State.Open _, State.Receiving _ ->
                    throw new IllegalStateException("no question is open");
        }
    }

    /**
     * Refuses the mail whose data is arriving. What still comes of it is read to its end and dropped, then the client
     * gets the reply.
     */
    public void refuseData(Reply reply) {
        if (state instanceof State.Receiving(var _, var data) && data.refusal().isEmpty()) {
            data.refuse(reply);
            ready.add(new SmtpAction.Abandon());
        }
    }

    /** Ends the session: for a time-out, or because the server stops. */
    public void terminate(Reply reply) {
        if (!(state instanceof State.Closed)) {
            close(reply);
        }
    }

    // Commands

    private boolean readCommand() {
        switch (CommandLines.next(input)) {
            case CommandLines.Found.Nothing _ -> {
                return false;
            }
            case CommandLines.Found.Fault(var reply) -> close(reply);
            case CommandLines.Found.Line(var line) -> command(line);
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
        Optional<Reply> outOfOrder = outOfOrder(verb);
        if (verb.group == Verb.Group.LAST && !input.isEmpty()) {
            close(Replies.NOT_LAST_IN_GROUP);
        } else if (outOfOrder.isPresent()) {
            bad(outOfOrder.get());
        } else {
            execute(CommandParser.parse(verb, line));
        }
    }

    private Optional<Reply> outOfOrder(Verb verb) {
        boolean open = state instanceof State.Open;
        boolean greeted = helo.isPresent() || !settings.requireHelo();
        return switch (verb.when) {
            case GREETED -> !greeted ? Optional.of(Replies.GREET_FIRST)
                    : open ? Optional.of(Replies.NESTED_MAIL) : Optional.empty();
            case IN_TRANSACTION -> open ? Optional.empty()
                    : Optional.of(greeted ? Replies.MAIL_FIRST : Replies.GREET_FIRST);
            case ANY_TIME, NEVER -> Optional.empty();
        };
    }

    private void execute(Command command) {
        switch (command) {
            case Command.Greet(var greeting) -> greet(greeting);
            case Command.Mail(var reversePath, var parameters) -> mail(new MailTransaction(reversePath, parameters));
            case Command.Rcpt rcpt -> rcpt(rcpt);
            case Command.Data _ -> data();
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
        say(greeting.extended()
                ? Replies.ehlo(settings.hostname(), settings.maxMessageSize())
                : Replies.helo(settings.hostname()));
    }

    private void mail(MailTransaction transaction) {
        if (transaction.parameters().declaredSize().orElse(0) > settings.maxMessageSize()) {
            say(Replies.TOO_LARGE);
        } else {
            ask(new SmtpAction.AskMail(transaction));
        }
    }

    private void rcpt(Command.Rcpt rcpt) {
        MailTransaction transaction = open();
        if (transaction.recipients().size() >= settings.maxRecipients()) {
            say(Replies.TOO_MANY_RECIPIENTS);
        } else {
            ask(new SmtpAction.AskRecipient(transaction, rcpt.forwardPath()));
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
        return ((State.Open) state).transaction();
    }

    // Questions

    private void ask(SmtpAction.Question question) {
        state = new State.Asking(question);
        ready.add(question);
    }

    private void answer(SmtpAction.Question question, Reply reply) {
        switch (question) {
            case SmtpAction.AskMail(var transaction) ->
                    state = reply.isPositive() ? new State.Open(transaction) : IDLE;
            case SmtpAction.AskRecipient(var transaction, var recipient) -> {
                state = new State.Open(transaction);
                if (reply.isPositive()) {
                    transaction.add(recipient);
                }
            }
            case SmtpAction.AskData(var transaction) -> {
                if (!input.isEmpty()) {
                    close(Replies.NOT_LAST_IN_GROUP);
                    return;
                }
                state = reply.isPositive()
                        ? new State.Receiving(transaction, new DataPhase(settings.maxMessageSize()))
                        : new State.Open(transaction);
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
            case SLICE -> slice(data);
            case END -> endOfData(transaction, data);
            case BARE_LINE_END -> close(Replies.BARE_LINE_END_IN_DATA);
        }
        return true;
    }

    private void slice(DataPhase data) {
        boolean refusedBefore = data.refusal().isPresent();
        int offset = data.reader.offset();
        int length = data.reader.length();
        data.measure(input.octets, offset, length);
        if (data.refusal().isEmpty()) {
            ready.add(new SmtpAction.MailData(input.octets, offset, length));
        } else if (!refusedBefore) {
            ready.add(new SmtpAction.Abandon());
        }
        // The end is still waited for, so that the text of a refused mail is never read as commands.
        if (data.pastExcess()) {
            close(data.refusal().orElse(Replies.TEXT_LINE_TOO_LONG));
        }
    }

    private void endOfData(MailTransaction transaction, DataPhase data) {
        data.refusal().ifPresentOrElse(
                refusal -> {
                    state = IDLE;
                    say(refusal);
                },
                () -> ask(new SmtpAction.AskAccept(transaction, data.octets())));
    }

    // Ends

    private void endTransaction() {
        boolean hostHoldsData = switch (state) {
            case State.Open _ -> true;
            case State.Receiving(var _, var data) -> data.refusal().isEmpty();
            case State.Asking(var question) -> !(question instanceof SmtpAction.AskMail);
            case State.Idle _, State.Closed _ -> false;
        };
        if (hostHoldsData) {
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
        ready.add(new SmtpAction.Close());
        state = new State.Closed();
        input.drop();
    }

    private void say(Reply reply) {
        ready.add(new SmtpAction.Say(reply));
    }
}
