package org.postbus.protocol.pop3;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.postbus.protocol.sasl.Credentials;
import org.postbus.protocol.sasl.SaslDialog;
import org.postbus.protocol.sasl.SaslMechanism;

/**
 * One POP3 session (RFC 1939, and the extensions that {@link SessionSecurity#capabilities} names). Used by one thread at a time.
 *
 * <p>The host calls {@link #next} until it answers {@link Action.NeedOctets} or {@link Action.NeedAnswer}, and only while
 * the peer takes what is sent: the engine makes no octet before it is asked for the next action, so a listing of any length
 * and a message of any size cost one piece of memory. While a question is open no further command is parsed, which makes
 * PIPELINING right by construction.
 */
public final class Pop3Engine {

    /** Octets that the engine collects before it has them sent. */
    public static final int PIECE_OCTETS = 16 * 1024;

    private static final Pattern TRAILING_SPACES = Pattern.compile(" +$");
    private static final byte[] FINAL_DOT = {'.', '\r', '\n'};

    private final Pop3Policy policy;
    private final SessionSecurity security;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private CommandLines lines = new CommandLines();
    private State state = State.Authorization.START;
    private Work work = new Work.Commands();
    private int badCommands;

    /** What the session is at. */
    private sealed interface Work {

        /** Reads commands. */
        record Commands() implements Work { }

        /** Reads the answer to a challenge. */
        record LoggingIn(SaslDialog dialog) implements Work { }

        /** Writes a listing. */
        record Listed(Listing listing) implements Work { }

        /** Has a question for the host. */
        record Ask(Action.Question question) implements Work { }

        /** Waits for the answer. */
        record Await(Action.Question question) implements Work { }

        /** Sends a message; {@code left} octets of the listed size have not come yet. */
        record Content(Action.FetchMessage fetch, MessageFraming framing, long left) implements Work { }

        /** Has sent all that TOP wants. */
        record EnoughContent() implements Work { }

        /** Ends the session. */
        record End() implements Work { }
    }

    /** @param secured whether the connection began with a TLS handshake */
    public Pop3Engine(Pop3Policy policy, boolean secured) {
        this.policy = policy;
        this.security = new SessionSecurity(policy, secured);
        say(Response.greeting(policy));
    }

    /** Takes octets of the client, of any length and split. The array is the engine's from then on. */
    public void receive(byte[] octets) {
        lines.add(octets);
    }

    /** What to do next. */
    public Action next() {
        boolean going = true;
        while (going && out.size() < PIECE_OCTETS) {
            going = step();
        }
        if (out.size() > 0) {
            byte[] piece = out.toByteArray();
            out.reset();
            return new Action.Send(piece);
        }
        return switch (work) {
            case Work.Ask(Action.Question question) -> {
                work = new Work.Await(question);
                yield question;
            }
            case Work.EnoughContent ignored -> {
                work = new Work.Commands();
                yield new Action.StopContent();
            }
            case Work.Await ignored -> new Action.NeedAnswer();
            case Work.Content ignored -> new Action.NeedAnswer();
            case Work.End ignored -> new Action.Close();
            case Work.Commands ignored -> new Action.NeedOctets();
            case Work.LoggingIn ignored -> new Action.NeedOctets();
            case Work.Listed ignored -> throw new IllegalStateException("a listing writes until it is complete");
        };
    }

    /** Whether a maildrop is open; else nothing is lost when the session ends. */
    public boolean inTransaction() {
        return !(state instanceof State.Authorization);
    }

    // Work that needs nobody.

    /** One step that needs no host; false where there is none. */
    private boolean step() {
        return switch (work) {
            case Work.Commands ignored -> readLine(CommandLines.MAX_LINE, this::command);
            case Work.LoggingIn(SaslDialog dialog) ->
                    readLine(SaslDialog.MAX_LINE, line -> proceed(dialog, dialog.respond(line)));
            case Work.Listed(Listing listing) -> {
                if (listing.write(out, PIECE_OCTETS)) {
                    work = new Work.Commands();
                }
                yield true;
            }
            case Work.Ask ignored -> false;
            case Work.Await ignored -> false;
            case Work.Content ignored -> false;
            case Work.EnoughContent ignored -> false;
            case Work.End ignored -> false;
        };
    }

    private boolean readLine(int longest, Consumer<String> then) {
        switch (lines.next(longest)) {
            case CommandLines.Line.Incomplete ignored -> {
                return false;
            }
            case CommandLines.Line.Endless ignored -> {
                say(Response.LINE_TOO_LONG);
                work = new Work.End();
            }
            case CommandLines.Line.Malformed(Response response) -> refuseLine(response);
            case CommandLines.Line.Clean(byte[] octets) -> decode(octets).ifPresentOrElse(then,
                    () -> refuseLine(Response.BAD_TEXT));
        }
        return true;
    }

    /** In an exchange it ends the exchange. */
    private void refuseLine(Response response) {
        work = new Work.Commands();
        bad(response);
    }

    private static Optional<String> decode(byte[] octets) {
        try {
            return Optional.of(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(octets)).toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    private void command(String line) {
        int space = line.indexOf(' ');
        Optional<Verb> known = Verb.of(space < 0 ? line : line.substring(0, space));
        if (known.isEmpty()) {
            bad(Response.UNKNOWN_COMMAND);
            return;
        }
        Verb verb = known.get();
        String argument = space < 0 ? "" : line.substring(space + 1);
        if (verb != Verb.PASS) {
            // Some clients end a command in a space; in a password it counts.
            argument = TRAILING_SPACES.matcher(argument).replaceFirst("");
        }
        if (!verb.allowedIn(state)) {
            bad(Response.NOT_NOW);
        } else if (!verb.takes(argument)) {
            bad(Response.BAD_ARGUMENTS);
        } else {
            execute(verb, argument);
        }
    }

    private void execute(Verb verb, String argument) {
        switch (state) {
            case State.Authorization authorization -> authorize(authorization, verb, argument);
            case State.Transaction(Maildrop maildrop) -> transact(maildrop, verb, argument);
            case State.Update ignored -> throw new IllegalStateException("no command is allowed in the UPDATE state");
        }
    }

    private void authorize(State.Authorization authorization, Verb verb, String argument) {
        switch (verb) {
            case CAPA -> capabilities();
            case QUIT -> end(Response.BYE);
            case USER -> user(argument);
            case PASS -> pass(authorization, argument);
            case AUTH -> logIn(argument);
            case STLS -> startTls();
            case UTF8 -> {
                security.useUtf8();
                say(Response.UTF8_MODE);
            }
            case STAT, LIST, UIDL, RETR, TOP, DELE, RSET, NOOP -> throw new IllegalStateException("not allowed: " + verb);
        }
    }

    private void transact(Maildrop maildrop, Verb verb, String argument) {
        switch (verb) {
            case CAPA -> capabilities();
            case STAT -> say(Response.stat(maildrop));
            case NOOP -> say(Response.OK);
            case LIST -> list(maildrop, argument, false);
            case UIDL -> list(maildrop, argument, true);
            case RETR -> message(maildrop, argument, number -> fetch(maildrop, number, OptionalInt.empty()));
            case TOP -> top(maildrop, argument);
            case DELE -> message(maildrop, argument, number -> delete(maildrop, number));
            case RSET -> {
                maildrop.undelete();
                say(Response.size(maildrop));
            }
            case QUIT -> {
                state = new State.Update();
                ask(new Action.UpdateMaildrop(maildrop.deletedMails()));
            }
            case USER, PASS, AUTH, STLS, UTF8 -> throw new IllegalStateException("not allowed: " + verb);
        }
    }

    // Commands.

    /** RFC 2449 section 5. */
    private void capabilities() {
        say(Response.ok("capabilities follow"));
        security.capabilities(inTransaction()).forEach(capability -> say(new Response(capability)));
        out.writeBytes(FINAL_DOT);
    }

    /** Always +OK: whether a name exists is told to nobody without its password. */
    private void user(String name) {
        security.refusalOfLogin().ifPresentOrElse(this::bad, () -> {
            state = new State.Authorization(Optional.of(name));
            say(Response.NAME_TAKEN);
        });
    }

    private void pass(State.Authorization authorization, String password) {
        security.refusalOfLogin().ifPresentOrElse(this::bad, () -> authorization.name().ifPresentOrElse(
                name -> open(new Credentials(name, password)), () -> bad(Response.NAME_FIRST)));
    }

    /** RFC 5034 section 4: a mechanism and, if the client likes, its initial response. */
    private void logIn(String argument) {
        int space = argument.indexOf(' ');
        Optional<SaslMechanism> mechanism = SaslMechanism.of(space < 0 ? argument : argument.substring(0, space));
        Optional<String> response = space < 0 ? Optional.empty() : Optional.of(argument.substring(space + 1));
        security.refusalOfLogin().ifPresentOrElse(this::bad, () -> mechanism.map(SaslDialog::new).ifPresentOrElse(
                dialog -> proceed(dialog, dialog.begin(response)), () -> bad(Response.UNKNOWN_MECHANISM)));
    }

    private void proceed(SaslDialog dialog, SaslDialog.Step step) {
        work = new Work.Commands();
        switch (step) {
            case SaslDialog.Step.Challenge(String base64) -> {
                work = new Work.LoggingIn(dialog);
                say(Response.challenge(base64));
            }
            case SaslDialog.Step.Offered(Credentials credentials) -> open(credentials);
            case SaslDialog.Step.Malformed ignored -> bad(Response.BAD_EXCHANGE);
            case SaslDialog.Step.Cancelled ignored -> bad(Response.CANCELLED);
            case SaslDialog.Step.Foreign ignored -> refused(Refusal.CREDENTIALS);
        }
    }

    private void open(Credentials credentials) {
        ask(new Action.OpenMaildrop(credentials, security.utf8()));
    }

    private void startTls() {
        security.refusalOfStls().ifPresentOrElse(this::bad, () -> {
            say(Response.BEGIN_TLS);
            ask(new Action.StartTls());
        });
    }

    private void list(Maildrop maildrop, String argument, boolean unique) {
        if (argument.isEmpty()) {
            say(Response.size(maildrop));
            work = new Work.Listed(new Listing(maildrop, unique));
        } else {
            message(maildrop, argument, number -> say(Response.ok(Listing.line(maildrop, number, unique))));
        }
    }

    private void top(Maildrop maildrop, String argument) {
        int space = argument.indexOf(' ');
        number(argument.substring(space + 1)).ifPresentOrElse(
                lines -> message(maildrop, argument.substring(0, space),
                        number -> fetch(maildrop, number, OptionalInt.of(lines))),
                () -> bad(Response.BAD_ARGUMENTS));
    }

    private void fetch(Maildrop maildrop, int number, OptionalInt bodyLines) {
        ask(new Action.FetchMessage(number, maildrop.mailId(number), maildrop.octets(number), bodyLines));
    }

    private void delete(Maildrop maildrop, int number) {
        if (maildrop.deletions() >= policy.maxDeletions()) {
            say(Response.TOO_MANY_DELETIONS);
            return;
        }
        maildrop.delete(number);
        say(Response.ok("message " + number + " deleted"));
    }

    private interface OnMessage {
        void accept(int number);
    }

    private void message(Maildrop maildrop, String argument, OnMessage action) {
        Optional<Integer> number = number(argument).filter(maildrop::exists);
        if (number.isEmpty()) {
            say(Response.NO_SUCH_MESSAGE);
        } else if (maildrop.isDeleted(number.get())) {
            say(Response.IS_DELETED);
        } else {
            action.accept(number.get());
        }
    }

    /** Digits alone; empty where the number is over 2^31 - 1. */
    private static Optional<Integer> number(String digits) {
        try {
            return Optional.of(Integer.parseInt(digits));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    // Answers of the host.

    /**
     * The handshake has ended well. What was said before it is forgotten; what was received before it may be a stranger's, who
     * wants it to be taken for the client's own (RFC 2595 section 2.1, CVE-2011-0411), and is dropped.
     */
    public void secured() {
        awaited(Action.StartTls.class);
        security.secured();
        lines = new CommandLines();
        state = State.Authorization.START;
        work = new Work.Commands();
    }

    /** The maildrop is open and locked. */
    public void opened(Snapshot snapshot) {
        awaited(Action.OpenMaildrop.class);
        Maildrop maildrop = new Maildrop(snapshot);
        state = new State.Transaction(maildrop);
        work = new Work.Commands();
        say(Response.size(maildrop));
    }

    /** The maildrop is not open. Wrong credentials cost time, and the third time the session. */
    public void notOpened(Refusal why) {
        awaited(Action.OpenMaildrop.class);
        refused(why);
    }

    private void refused(Refusal why) {
        state = State.Authorization.START;
        if (why == Refusal.CREDENTIALS) {
            ask(new Action.Wait(security.failed()));
        } else {
            work = new Work.Commands();
            bad(Response.refused(why));
        }
    }

    /** The time of {@link Action.Wait} has passed. */
    public void waited() {
        awaited(Action.Wait.class);
        work = new Work.Commands();
        say(Response.refused(Refusal.CREDENTIALS));
        if (security.tooManyFailures()) {
            work = new Work.End();
        }
    }

    /** The message is there, in its listed size; its octets follow. */
    public void contentBegins() {
        Action.FetchMessage fetch = awaited(Action.FetchMessage.class);
        MessageFraming framing = fetch.whole() ? MessageFraming.whole() : MessageFraming.top(fetch.bodyLines().getAsInt());
        work = new Work.Content(fetch, framing, fetch.octets());
        say(fetch.whole() ? Response.octets(fetch.octets()) : Response.OK);
    }

    /** The next octets of the message. What comes after {@link Action.StopContent} or the end is ignored. */
    public void content(byte[] piece) {
        if (!(work instanceof Work.Content(Action.FetchMessage fetch, MessageFraming framing, long left))) {
            return;
        }
        if (piece.length > left) {
            contentBroken();
        } else if (framing.frame(piece, out)) {
            framing.finish(out);
            work = new Work.EnoughContent();
        } else {
            work = new Work.Content(fetch, framing, left - piece.length);
        }
    }

    /** That was the whole message. */
    public void contentEnds() {
        if (work instanceof Work.Content(Action.FetchMessage ignored, MessageFraming framing, long left)) {
            if (left > 0) {
                contentBroken();
            } else {
                framing.finish(out);
                work = new Work.Commands();
            }
        }
    }

    /** The message cannot be had; nothing of it was sent. */
    public void contentRefused(Refusal why) {
        awaited(Action.FetchMessage.class);
        work = new Work.Commands();
        say(Response.refused(why));
    }

    /** The message ends before its end: the session closes without the final dot, so that no client takes it for whole. */
    public void contentBroken() {
        if (work instanceof Work.Await) {
            contentRefused(Refusal.TEMPORARY);
        } else if (work instanceof Work.Content) {
            work = new Work.End();
        }
    }

    /** The deletions are durable and the lock is released, or will be with them. */
    public void updated() {
        awaited(Action.UpdateMaildrop.class);
        end(Response.BYE);
    }

    /** It is not certain that the deletions happen. */
    public void notUpdated() {
        awaited(Action.UpdateMaildrop.class);
        end(Response.NOT_UPDATED);
    }

    private <Q extends Action.Question> Q awaited(Class<Q> type) {
        if (work instanceof Work.Await(Action.Question question) && type.isInstance(question)) {
            return type.cast(question);
        }
        throw new IllegalStateException("no " + type.getSimpleName() + " is open");
    }

    private void ask(Action.Question question) {
        work = new Work.Ask(question);
    }

    private void bad(Response response) {
        badCommands++;
        if (badCommands >= Pop3Policy.MAX_BAD_COMMANDS) {
            end(Response.TOO_MANY_ERRORS);
        } else {
            say(response);
        }
    }

    private void end(Response response) {
        say(response);
        work = new Work.End();
    }

    private void say(Response response) {
        out.writeBytes(response.octets());
    }
}
