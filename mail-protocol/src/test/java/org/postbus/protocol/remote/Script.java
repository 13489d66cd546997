package org.postbus.protocol.remote;

import java.time.Duration;

/** What a remote does. Called from several sessions at a time. */
@FunctionalInterface
public interface Script {

    /** A server that takes everything. */
    Script USUAL = (moment, session) -> new Answer.Usual();

    Answer to(Moment moment, RemoteSession session);

    /** When a remote may do something. */
    sealed interface Moment {

        record Connected() implements Moment {
        }

        /** @param line without CRLF */
        record Command(String line) implements Moment {

            public boolean is(String verb) {
                return line.regionMatches(true, 0, verb, 0, verb.length());
            }
        }

        /** Mail data is complete: after the dot, or BDAT LAST. */
        record MailComplete(ReceivedMail mail) implements Moment {
        }
    }

    /** What it does then. */
    sealed interface Answer {

        /** What a good server would. */
        record Usual() implements Answer {
        }

        /** @param octets as they are: with code and CRLF, or whatever else */
        record Say(String octets) implements Answer {
        }

        /** Says nothing and waits for the next command. */
        record Nothing() implements Answer {
        }

        /** Says it and ends the connection. */
        record SayAndDrop(String octets) implements Answer {
        }

        /** Ends the connection. */
        record Drop() implements Answer {
        }

        /** Says something again and again, until the other side has had enough. */
        record SayForEver(String octets) implements Answer {
        }

        /** Says it, and reads nothing any more. */
        record SayAndBeDeaf(String octets) implements Answer {
        }

        /** Says it octet by octet, with a pause before each. */
        record SaySlowly(String octets, Duration pause) implements Answer {
        }

        /** Says it, waits for whatever comes, says something else and ends the connection. */
        record SayThenDrop(String octets, String then) implements Answer {
        }
    }

    /** This script where it does something of its own, another one else. */
    default Script or(Script other) {
        return (moment, session) -> to(moment, session) instanceof Answer answer && !(answer instanceof Answer.Usual)
                ? answer : other.to(moment, session);
    }

    /** Answers a command so. */
    static Script onCommand(String verb, Answer answer) {
        return (moment, session) -> moment instanceof Moment.Command command && command.is(verb) ? answer : new Answer.Usual();
    }

    /** Greets so. */
    static Script onConnect(Answer answer) {
        return (moment, session) -> moment instanceof Moment.Connected ? answer : new Answer.Usual();
    }

    /** Answers to mail data so. */
    static Script onMail(Answer answer) {
        return (moment, session) -> moment instanceof Moment.MailComplete ? answer : new Answer.Usual();
    }
}
