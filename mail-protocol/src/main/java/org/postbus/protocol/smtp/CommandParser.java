package org.postbus.protocol.smtp;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.postbus.protocol.address.AddressParser;
import org.postbus.protocol.address.AddressSyntaxException;
import org.postbus.protocol.address.Mailbox;
import org.postbus.protocol.sasl.SaslMechanism;

/** Reads one command line without its CRLF (RFC 5321, section 4.1.1), one method for each form of argument. */
final class CommandParser {

    private final String line;
    private final boolean auth;

    private CommandParser(String line, boolean auth) {
        this.line = line;
        this.auth = auth;
    }

    /** @param line begins with the verb; trailing white space is ignored, as section 4.1.1 asks */
    static Command parse(Verb verb, String line, SmtpService service) {
        Optional<String> text = decoded(line.stripTrailing());
        CommandParser parser = new CommandParser(text.orElse(line), service == SmtpService.SUBMISSION);
        return switch (verb) {
            case HELO -> parser.greet(false);
            case EHLO -> parser.greet(true);
            case MAIL -> text.isEmpty() ? new Command.Bad(Replies.NOT_UTF8) : parser.mail();
            case RCPT -> text.isEmpty() ? new Command.Bad(Replies.NOT_UTF8) : parser.rcpt();
            case DATA -> parser.bare(new Command.Data());
            case RSET -> parser.bare(new Command.Rset());
            case QUIT -> parser.bare(new Command.Quit());
            case STARTTLS -> parser.bare(new Command.StartTls());
            case AUTH -> parser.auth();
            case BDAT -> parser.bdat();
            case NOOP -> new Command.Fixed(Replies.NOOP);
            case HELP -> new Command.Fixed(Replies.HELP);
            case VRFY -> parser.vrfy();
            case EXPN, ETRN, TURN, SEND, SOML, SAML -> new Command.Bad(Replies.NOT_OFFERED);
        };
    }

    /** The text of octets that are UTF-8; else empty. */
    private static Optional<String> decoded(String octets) {
        if (octets.chars().allMatch(c -> c <= 0x7F)) {
            return Optional.of(octets);
        }
        try {
            return Optional.of(StandardCharsets.UTF_8.newDecoder()
                    .decode(ByteBuffer.wrap(octets.getBytes(StandardCharsets.ISO_8859_1))).toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    /** The text up to the first space. */
    static String verb(String line) {
        int space = line.indexOf(' ');
        return space < 0 ? line : line.substring(0, space);
    }

    private Command bare(Command command) {
        return line.indexOf(' ') < 0 ? command : new Command.Bad(Replies.NO_ARGUMENT_ALLOWED);
    }

    private Command vrfy() {
        return argument().isEmpty() ? new Command.Bad(Replies.ARGUMENT_MISSING) : new Command.Fixed(Replies.VRFY);
    }

    // ehlo = "EHLO" SP ( Domain / address-literal ) CRLF
    // The name proves nothing, and many clients in the field send underscores or bare addresses: any visible
    // ASCII passes, and the trace field is written so that none of it can do harm.
    private Command greet(boolean extended) {
        String name = argument();
        boolean visible = name.chars().allMatch(c -> c > ' ' && c <= '~');
        return name.isEmpty() || name.length() > Mailbox.MAX_DOMAIN || !visible
                ? new Command.Bad(Replies.BAD_HELO)
                : new Command.Greet(new Helo(name, extended));
    }

    private String argument() {
        int space = line.indexOf(' ');
        return space < 0 ? "" : line.substring(space + 1).strip();
    }

    // AUTH = "AUTH" SP mechanism [SP initial-response] ; initial-response = base64 / "=" (RFC 4954)
    private Command auth() {
        if (!auth) {
            return new Command.Bad(Replies.NOT_OFFERED);
        }
        String[] words = argument().split(" ", 2);
        if (words[0].isEmpty()) {
            return new Command.Bad(Replies.ARGUMENT_MISSING);
        }
        Optional<SaslMechanism> mechanism = SaslMechanism.of(words[0]);
        if (mechanism.isEmpty()) {
            return new Command.Bad(Replies.UNKNOWN_MECHANISM);
        }
        return new Command.Auth(mechanism.get(), words.length == 1 ? Optional.empty() : Optional.of(words[1]));
    }

    // bdat-cmd = "BDAT" SP chunk-size [SP "LAST"] ; chunk-size = 1*DIGIT (RFC 3030)
    // Without its size the chunk that follows cannot be told from commands.
    private Command bdat() {
        String[] words = argument().split(" +");
        boolean last = words.length == 2 && words[1].equalsIgnoreCase("LAST");
        if (!isNumber(words[0]) || words.length > 1 && !last) {
            return new Command.Fatal(Replies.BAD_CHUNK_SIZE);
        }
        return new Command.Bdat(number(words[0]), last);
    }

    private static boolean isNumber(String text) {
        return !text.isEmpty() && text.length() <= 20 && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    /** Twenty digits can pass a long: then it is too large for anybody. */
    private static long number(String digits) {
        return digits.length() > 18 ? Long.MAX_VALUE : Long.parseLong(digits);
    }

    // mail = "MAIL FROM:" Reverse-path [SP Mail-parameters] CRLF
    private Command mail() {
        int path = pathStart("MAIL FROM:");
        if (path < 0) {
            return new Command.Bad(Replies.MAIL_SYNTAX);
        }
        try {
            AddressParser parser = new AddressParser(line, path);
            var reversePath = parser.reversePath();
            Command command = mailParameters(parser.position(), new Command.Mail(reversePath, MailParameters.NONE));
            boolean undeclared = command instanceof Command.Mail(var given, var parameters) && !given.isAscii() && !parameters.smtpUtf8();
            return undeclared ? new Command.Bad(Replies.NOT_ASCII) : command;
        } catch (AddressSyntaxException e) {
            return new Command.Bad(Replies.BAD_REVERSE_PATH);
        }
    }

    // rcpt = "RCPT TO:" ( "<Postmaster@" Domain ">" / "<Postmaster>" / Forward-path ) [SP Rcpt-parameters] CRLF
    private Command rcpt() {
        int path = pathStart("RCPT TO:");
        if (path < 0) {
            return new Command.Bad(Replies.RCPT_SYNTAX);
        }
        try {
            AddressParser parser = new AddressParser(line, path);
            var forwardPath = parser.forwardPath();
            String rest = line.substring(parser.position());
            return rest.isEmpty() ? new Command.Rcpt(forwardPath)
                    : new Command.Bad(rest.startsWith(" ") ? Replies.UNKNOWN_PARAMETER : Replies.BAD_FORWARD_PATH);
        } catch (AddressSyntaxException e) {
            return new Command.Bad(Replies.BAD_FORWARD_PATH);
        }
    }

    /** Where the path begins, or -1; a space behind the colon is wrong, but clients and people send it. */
    private int pathStart(String prefix) {
        if (!line.regionMatches(true, 0, prefix, 0, prefix.length())) {
            return -1;
        }
        int at = prefix.length();
        while (at < line.length() && line.charAt(at) == ' ') {
            at++;
        }
        return at;
    }

    // Mail-parameters = esmtp-param *(SP esmtp-param)
    private Command mailParameters(int from, Command.Mail mail) {
        if (from == line.length()) {
            return mail;
        }
        if (line.charAt(from) != ' ') {
            return new Command.Bad(Replies.BAD_REVERSE_PATH);
        }
        Command result = mail;
        for (String parameter : line.substring(from).strip().split(" +")) {
            if (result instanceof Command.Mail(var path, var parameters)) {
                result = mailParameter(new Command.Mail(path, parameters), parameter);
            }
        }
        return result;
    }

    // esmtp-param = esmtp-keyword ["=" esmtp-value]
    private Command mailParameter(Command.Mail mail, String parameter) {
        int equals = parameter.indexOf('=');
        String keyword = equals < 0 ? parameter : parameter.substring(0, equals);
        String value = equals < 0 ? "" : parameter.substring(equals + 1);
        if (keyword.equalsIgnoreCase("SIZE")) {
            return size(mail, value);
        }
        if (auth && keyword.equalsIgnoreCase("AUTH")) {
            return submitter(mail, value);
        }
        if (keyword.equalsIgnoreCase("SMTPUTF8")) {
            return smtpUtf8(mail, equals);
        }
        return keyword.equalsIgnoreCase("BODY") ? body(mail, value) : new Command.Bad(Replies.UNKNOWN_PARAMETER);
    }

    // size-value = 1*20DIGIT (RFC 1870)
    private static Command size(Command.Mail mail, String value) {
        if (!isNumber(value) || mail.parameters().declaredSize().isPresent()) {
            return new Command.Bad(Replies.BAD_PARAMETER);
        }
        return new Command.Mail(mail.reversePath(), mail.parameters().withSize(number(value)));
    }

    // auth-param = "AUTH=" xtext ; who submitted the mail, says another server, and is not believed (RFC 4954, section 5)
    private static Command submitter(Command.Mail mail, String value) {
        return value.isEmpty() ? new Command.Bad(Replies.BAD_PARAMETER) : mail;
    }

    // body-value = "7BIT" / "8BITMIME" (RFC 6152)
    private static Command body(Command.Mail mail, String value) {
        if (!value.equalsIgnoreCase("7BIT") && !value.equalsIgnoreCase("8BITMIME")) {
            return new Command.Bad(Replies.BAD_PARAMETER);
        }
        return new Command.Mail(mail.reversePath(), mail.parameters().withEightBit(value.equalsIgnoreCase("8BITMIME")));
    }

    // SMTPUTF8 ; without a value (RFC 6531, section 3.1)
    private static Command smtpUtf8(Command.Mail mail, int equals) {
        return equals >= 0 || mail.parameters().smtpUtf8() ? new Command.Bad(Replies.BAD_PARAMETER)
                : new Command.Mail(mail.reversePath(), mail.parameters().withSmtpUtf8());
    }
}
