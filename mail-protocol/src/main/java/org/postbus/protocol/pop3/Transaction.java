package org.postbus.protocol.pop3;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.IntConsumer;

/** The TRANSACTION state (RFC 1939 section 5): what is done with an open maildrop. */
final class Transaction implements State {

    private final Dialogue dialogue;
    private final SessionSecurity security;
    private final Maildrop maildrop;
    private final int maxDeletions;

    /** @param maxDeletions messages that the session may mark as deleted */
    Transaction(Dialogue dialogue, SessionSecurity security, Maildrop maildrop, int maxDeletions) {
        this.dialogue = dialogue;
        this.security = security;
        this.maildrop = maildrop;
        this.maxDeletions = maxDeletions;
    }

    @Override
    public void execute(Verb verb, String argument) {
        switch (verb) {
            case CAPA -> dialogue.say(Response.CAPABILITIES, security.capabilities(true));
            case STAT -> dialogue.say(Response.stat(maildrop));
            case NOOP -> dialogue.say(Response.OK);
            case LIST -> list(argument, false);
            case UIDL -> list(argument, true);
            case RETR -> message(argument, number -> fetch(number, OptionalInt.empty()));
            case TOP -> top(argument);
            case DELE -> message(argument, this::delete);
            case RSET -> {
                maildrop.undelete();
                dialogue.say(Response.size(maildrop));
            }
            case QUIT -> {
                dialogue.enter(new Update());
                dialogue.ask(new Action.UpdateMaildrop(maildrop.deletedMails()));
            }
            case USER, PASS, AUTH, STLS, UTF8 -> throw new IllegalStateException("not allowed: " + verb);
        }
    }

    private void list(String argument, boolean unique) {
        if (argument.isEmpty()) {
            dialogue.say(Response.size(maildrop));
            dialogue.turnTo(new Work.Listed(new Listing(maildrop, unique)));
        } else {
            message(argument, number -> dialogue.say(Response.ok(Listing.line(maildrop, number, unique))));
        }
    }

    private void top(String argument) {
        int space = argument.indexOf(' ');
        number(argument.substring(space + 1)).ifPresentOrElse(
                lines -> message(argument.substring(0, space), number -> fetch(number, OptionalInt.of(lines))),
                () -> dialogue.bad(Response.BAD_ARGUMENTS));
    }

    private void fetch(int number, OptionalInt bodyLines) {
        dialogue.ask(new Action.FetchMessage(number, maildrop.mailId(number), maildrop.octets(number), bodyLines));
    }

    private void delete(int number) {
        if (maildrop.deletions() >= maxDeletions) {
            dialogue.say(Response.TOO_MANY_DELETIONS);
            return;
        }
        maildrop.delete(number);
        dialogue.say(Response.ok("message " + number + " deleted"));
    }

    private void message(String argument, IntConsumer action) {
        Optional<Integer> number = number(argument).filter(maildrop::exists);
        if (number.isEmpty()) {
            dialogue.say(Response.NO_SUCH_MESSAGE);
        } else if (maildrop.isDeleted(number.get())) {
            dialogue.say(Response.IS_DELETED);
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
}
