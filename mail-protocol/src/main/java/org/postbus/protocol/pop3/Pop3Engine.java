package org.postbus.protocol.pop3;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.postbus.protocol.sasl.SaslDialog;

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

    private final Pop3Policy policy;
    private final SessionSecurity security;
    private final Dialogue dialogue;
    private CommandLines lines = new CommandLines();

    /** @param secured whether the connection began with a TLS handshake */
    public Pop3Engine(Pop3Policy policy, boolean secured) {
        this.policy = policy;
        this.security = new SessionSecurity(policy, secured);
        this.dialogue = new Dialogue(security);
        dialogue.say(Response.greeting(policy));
    }

    /** Takes octets of the client, of any length and split. The array is the engine's from then on. */
    public void receive(byte[] octets) {
        lines.add(octets);
    }

    /** What to do next. */
    public Action next() {
        ByteArrayOutputStream out = dialogue.out();
        boolean going = true;
        while (going && out.size() < PIECE_OCTETS) {
            going = step();
        }
        if (out.size() > 0) {
            byte[] piece = out.toByteArray();
            out.reset();
            return new Action.Send(piece);
        }
        return switch (dialogue.work()) {
            case Work.Ask(Action.Question question) -> {
                dialogue.turnTo(new Work.Await(question));
                yield question;
            }
            case Work.EnoughContent ignored -> {
                dialogue.turnToCommands();
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
        return !(dialogue.state() instanceof Authorization);
    }

    // Work that needs nobody.

    /** One step that needs no host; false where there is none. */
    private boolean step() {
        return switch (dialogue.work()) {
            case Work.Commands ignored -> readLine(CommandLines.MAX_LINE, this::command);
            case Work.LoggingIn(SaslDialog dialog) ->
                    readLine(SaslDialog.MAX_LINE, line -> authorization().proceed(dialog, dialog.respond(line)));
            case Work.Listed(Listing listing) -> {
                if (listing.write(dialogue.out(), PIECE_OCTETS)) {
                    dialogue.turnToCommands();
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
                dialogue.say(Response.LINE_TOO_LONG);
                dialogue.turnTo(new Work.End());
            }
            case CommandLines.Line.Malformed(Response response) -> refuseLine(response);
            case CommandLines.Line.Clean(byte[] octets) -> decode(octets).ifPresentOrElse(then,
                    () -> refuseLine(Response.BAD_TEXT));
        }
        return true;
    }

    /** In an exchange it ends the exchange. */
    private void refuseLine(Response response) {
        dialogue.turnToCommands();
        dialogue.bad(response);
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
            dialogue.bad(Response.UNKNOWN_COMMAND);
            return;
        }
        Verb verb = known.get();
        String argument = space < 0 ? "" : line.substring(space + 1);
        if (verb != Verb.PASS) {
            // Some clients end a command in a space; in a password it counts.
            argument = TRAILING_SPACES.matcher(argument).replaceFirst("");
        }
        if (!verb.allowedIn(dialogue.state())) {
            dialogue.bad(Response.NOT_NOW);
        } else if (!verb.takes(argument)) {
            dialogue.bad(Response.BAD_ARGUMENTS);
        } else {
            dialogue.state().execute(verb, argument);
        }
    }

    // Answers of the host.

    /**
     * The handshake has ended well. What was said before it is forgotten; what was received before it may be a stranger's, who
     * wants it to be taken for the client's own (RFC 2595 section 2.1, CVE-2011-0411), and is dropped.
     */
    public void secured() {
        dialogue.awaited(Action.StartTls.class);
        authorization().secured();
        lines = new CommandLines();
        dialogue.turnToCommands();
    }

    /** The maildrop is open and locked. */
    public void opened(Snapshot snapshot) {
        dialogue.awaited(Action.OpenMaildrop.class);
        Maildrop maildrop = new Maildrop(snapshot);
        dialogue.enter(new Transaction(dialogue, security, maildrop, policy.maxDeletions()));
        dialogue.turnToCommands();
        dialogue.say(Response.size(maildrop));
    }

    /** The maildrop is not open. Wrong credentials cost time, and the third time the session. */
    public void notOpened(Refusal why) {
        dialogue.awaited(Action.OpenMaildrop.class);
        authorization().refused(why);
    }

    private Authorization authorization() {
        return (Authorization) dialogue.state();
    }

    /** The time of {@link Action.Wait} has passed. */
    public void waited() {
        dialogue.awaited(Action.Wait.class);
        dialogue.turnToCommands();
        dialogue.say(Response.refused(Refusal.CREDENTIALS));
        if (security.tooManyFailures()) {
            dialogue.turnTo(new Work.End());
        }
    }

    /** The message is there, in its listed size; its octets follow. */
    public void contentBegins() {
        Action.FetchMessage fetch = dialogue.awaited(Action.FetchMessage.class);
        MessageFraming framing = fetch.whole() ? MessageFraming.whole() : MessageFraming.top(fetch.bodyLines().getAsInt());
        dialogue.turnTo(new Work.Content(fetch, framing, fetch.octets()));
        dialogue.say(fetch.whole() ? Response.octets(fetch.octets()) : Response.OK);
    }

    /** The next octets of the message. What comes after {@link Action.StopContent} or the end is ignored. */
    public void content(byte[] piece) {
        if (!(dialogue.work() instanceof Work.Content(Action.FetchMessage fetch, MessageFraming framing, long left))) {
            return;
        }
        if (piece.length > left) {
            contentBroken();
        } else if (framing.frame(piece, dialogue.out())) {
            framing.finish(dialogue.out());
            dialogue.turnTo(new Work.EnoughContent());
        } else {
            dialogue.turnTo(new Work.Content(fetch, framing, left - piece.length));
        }
    }

    /** That was the whole message. */
    public void contentEnds() {
        if (dialogue.work() instanceof Work.Content(Action.FetchMessage ignored, MessageFraming framing, long left)) {
            if (left > 0) {
                contentBroken();
            } else {
                framing.finish(dialogue.out());
                dialogue.turnToCommands();
            }
        }
    }

    /** The message cannot be had; nothing of it was sent. */
    public void contentRefused(Refusal why) {
        dialogue.awaited(Action.FetchMessage.class);
        dialogue.turnToCommands();
        dialogue.say(Response.refused(why));
    }

    /** The message ends before its end: the session closes without the final dot, so that no client takes it for whole. */
    public void contentBroken() {
        if (dialogue.work() instanceof Work.Await) {
            contentRefused(Refusal.TEMPORARY);
        } else if (dialogue.work() instanceof Work.Content) {
            dialogue.turnTo(new Work.End());
        }
    }

    /** The deletions are durable and the lock is released, or will be with them. */
    public void updated() {
        dialogue.awaited(Action.UpdateMaildrop.class);
        dialogue.end(Response.BYE);
    }

    /** It is not certain that the deletions happen. */
    public void notUpdated() {
        dialogue.awaited(Action.UpdateMaildrop.class);
        dialogue.end(Response.NOT_UPDATED);
    }
}
