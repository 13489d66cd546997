package org.postbus.protocol.smtp;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.postbus.protocol.address.AsciiCase;

/** The table of commands: when each may come, and what may follow it (RFC 5321, section 4.1.4; RFC 2920). */
enum Verb {
    HELO(When.ANY_TIME, Group.LAST),
    EHLO(When.ANY_TIME, Group.LAST),
    STARTTLS(When.GREETED, Group.LAST),
    AUTH(When.GREETED, Group.LAST),
    MAIL(When.GREETED, Group.ANYWHERE),
    RCPT(When.IN_TRANSACTION, Group.ANYWHERE),
    DATA(When.IN_TRANSACTION, Group.LAST),
    /** Its chunk follows, and has to be read whatever the state. */
    BDAT(When.ANY_TIME, Group.ANYWHERE),
    RSET(When.ANY_TIME, Group.ANYWHERE),
    NOOP(When.ANY_TIME, Group.ANYWHERE),
    VRFY(When.ANY_TIME, Group.ANYWHERE),
    HELP(When.ANY_TIME, Group.ANYWHERE),
    QUIT(When.ANY_TIME, Group.ANYWHERE),

    // Known, not offered.
    EXPN(When.NEVER, Group.ANYWHERE),
    ETRN(When.NEVER, Group.ANYWHERE),
    TURN(When.NEVER, Group.ANYWHERE),
    SEND(When.NEVER, Group.ANYWHERE),
    SOML(When.NEVER, Group.ANYWHERE),
    SAML(When.NEVER, Group.ANYWHERE);

    /** The state that a command needs. */
    enum When { ANY_TIME, GREETED, IN_TRANSACTION, NEVER }

    /** Whether other commands may follow in the same pipelined group, before the reply is there. */
    enum Group { ANYWHERE, LAST }

    private static final Map<String, Verb> BY_NAME =
            Stream.of(values()).collect(Collectors.toUnmodifiableMap(Verb::name, verb -> verb));

    private static final Set<String> HTTP =
            Set.of("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "PRI");

    final When when;
    final Group group;

    Verb(When when, Group group) {
        this.when = when;
        this.group = group;
    }

    /** Why it may not come now, if so; {@code greeted} says whether HELO or EHLO came, or need not come. */
    Optional<Reply> outOfOrder(SmtpState state, boolean greeted) {
        return switch (when) {
            case GREETED -> !greeted ? Optional.of(Replies.GREET_FIRST)
                    : state.inTransaction() ? Optional.of(Replies.NESTED_MAIL) : Optional.empty();
            case IN_TRANSACTION -> state instanceof SmtpState.Open ? Optional.empty()
                    : Optional.of(!greeted ? Replies.GREET_FIRST
                            : state.inTransaction() ? Replies.CHUNK_EXPECTED : Replies.MAIL_FIRST);
            case ANY_TIME, NEVER -> Optional.empty();
        };
    }

    /** The verb of that name, in any case of letters; empty for a name that SMTP does not know. */
    static Optional<Verb> of(String name) {
        return Optional.ofNullable(BY_NAME.get(AsciiCase.upper(name)));
    }

    /** Whether the name is an HTTP method: a browser was led here, with text that its page chose. */
    static boolean isHttp(String name) {
        return HTTP.contains(name);
    }
}
