package org.postbus.protocol.pop3;

import java.io.ByteArrayOutputStream;
import java.util.List;

/** What a session says, what it is at, and its state: what commands and answers change. */
final class Dialogue {

    private static final byte[] FINAL_DOT = {'.', '\r', '\n'};

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private State state;
    private Work work = new Work.Commands();
    private int badCommands;

    /** In the AUTHORIZATION state. */
    Dialogue(SessionSecurity security) {
        state = new Authorization(this, security);
    }

    /** Octets that are to be sent. */
    ByteArrayOutputStream out() {
        return out;
    }

    State state() {
        return state;
    }

    void enter(State next) {
        state = next;
    }

    Work work() {
        return work;
    }

    void turnTo(Work next) {
        work = next;
    }

    void turnToCommands() {
        work = new Work.Commands();
    }

    void say(Response response) {
        out.writeBytes(response.octets());
    }

    /** A multi-line response (RFC 1939 section 3). */
    void say(Response first, List<String> lines) {
        say(first);
        lines.forEach(line -> say(new Response(line)));
        out.writeBytes(FINAL_DOT);
    }

    /** To a command that is unknown, malformed or out of order; the last one of many ends the session. */
    void bad(Response response) {
        badCommands++;
        if (badCommands >= Pop3Policy.MAX_BAD_COMMANDS) {
            end(Response.TOO_MANY_ERRORS);
        } else {
            say(response);
        }
    }

    void end(Response response) {
        say(response);
        work = new Work.End();
    }

    void ask(Action.Question question) {
        work = new Work.Ask(question);
    }

    /** @throws IllegalStateException no such question is open */
    <Q extends Action.Question> Q awaited(Class<Q> type) {
        if (work instanceof Work.Await(Action.Question question) && type.isInstance(question)) {
            return type.cast(question);
        }
        throw new IllegalStateException("no " + type.getSimpleName() + " is open");
    }
}
