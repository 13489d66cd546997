package org.postbus.protocol.pop3;

import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.postbus.protocol.address.AsciiCase;

/** The command table: which argument each command takes and in which states it is allowed. */
enum Verb {
    USER(Argument.TEXT, true, false),
    PASS(Argument.TEXT, true, false),
    AUTH(Argument.TEXT, true, false),
    STLS(Argument.NONE, true, false),
    UTF8(Argument.NONE, true, false),
    CAPA(Argument.NONE, true, true),
    QUIT(Argument.NONE, true, true),
    STAT(Argument.NONE, false, true),
    LIST(Argument.OPTIONAL_MESSAGE, false, true),
    UIDL(Argument.OPTIONAL_MESSAGE, false, true),
    RETR(Argument.MESSAGE, false, true),
    TOP(Argument.MESSAGE_AND_LINES, false, true),
    DELE(Argument.MESSAGE, false, true),
    RSET(Argument.NONE, false, true),
    NOOP(Argument.NONE, false, true);

    /** Arguments are parted by single spaces (RFC 1939 section 3). Numbers are unsigned and decimal. */
    private enum Argument {
        NONE(""),
        TEXT("(?s).+"),
        MESSAGE("[0-9]+"),
        OPTIONAL_MESSAGE("[0-9]*"),
        MESSAGE_AND_LINES("[0-9]+ [0-9]+");

        private final Pattern syntax;

        Argument(String syntax) {
            this.syntax = Pattern.compile(syntax);
        }
    }

    private static final Map<String, Verb> BY_KEYWORD =
            Stream.of(values()).collect(Collectors.toMap(Verb::name, Function.identity()));

    private final Argument argument;
    private final boolean inAuthorization;
    private final boolean inTransaction;

    Verb(Argument argument, boolean inAuthorization, boolean inTransaction) {
        this.argument = argument;
        this.inAuthorization = inAuthorization;
        this.inTransaction = inTransaction;
    }

    /** Keywords are case-insensitive, and ASCII: a dotless i is none. */
    static Optional<Verb> of(String keyword) {
        return Optional.ofNullable(BY_KEYWORD.get(AsciiCase.upper(keyword)));
    }

    boolean allowedIn(State state) {
        return switch (state) {
            case Authorization ignored -> inAuthorization;
            case Transaction ignored -> inTransaction;
            case Update ignored -> false;
        };
    }

    boolean takes(String text) {
        return argument.syntax.matcher(text).matches();
    }
}
