package org.postbus.protocol.smtp;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.postbus.protocol.address.AddressParser;
import org.postbus.protocol.address.AddressSyntaxException;
import org.postbus.protocol.address.AsciiCase;
import org.postbus.protocol.address.Mailbox;
import org.postbus.protocol.sasl.SaslMechanism;

/** Reads one command line without its CRLF (RFC 5321, section 4.1.1), one method for each form of argument. */
final class CommandParser {

    private final String line;
    private final SmtpService service;

    private CommandParser(String line, SmtpService service) {
        this.line = line;
        this.service = service;
    }

    /** @param line begins with the verb; trailing white space is ignored, as section 4.1.1 asks */
    static Command parse(Verb verb, String line, SmtpService service) {
        Optional<String> text = decoded(line.stripTrailing());
        CommandParser parser = new CommandParser(text.orElse(line), service);
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
        if (AsciiCase.isAscii(octets)) {
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
        if (service == SmtpService.MX) {
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
        boolean last = words.length == 2 && AsciiCase.upper(words[1]).equals("LAST");
        if (!isNumber(words[0]) || words.length > 1 && !last) {
            return new Command.Fatal(Replies.BAD_CHUNK_SIZE);
        }
        return new Command.Bdat(number(words[0]), last);
    }

    static boolean isNumber(String text) {
        return !text.isEmpty() && text.length() <= 20 && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    /** Twenty digits can pass a long: then it is too large for anybody. */
    static long number(String digits) {
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
            MailParameters parameters = EsmtpParameters.ofMail(rest(parser, Replies.BAD_REVERSE_PATH), service);
            return reversePath.isAscii() || parameters.smtpUtf8()
                    ? new Command.Mail(reversePath, parameters) : new Command.Bad(Replies.NOT_ASCII);
        } catch (AddressSyntaxException e) {
            return new Command.Bad(Replies.BAD_REVERSE_PATH);
        } catch (EsmtpParameters.Fault e) {
            return new Command.Bad(e.reply());
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
            return new Command.Rcpt(EsmtpParameters.ofRcpt(forwardPath, rest(parser, Replies.BAD_FORWARD_PATH)));
        } catch (AddressSyntaxException e) {
            return new Command.Bad(Replies.BAD_FORWARD_PATH);
        } catch (EsmtpParameters.Fault e) {
            return new Command.Bad(e.reply());
        }
    }

    /** What stands behind a path. */
    private String rest(AddressParser parser, Reply otherwise) throws EsmtpParameters.Fault {
        String rest = line.substring(parser.position());
        if (!rest.isEmpty() && !rest.startsWith(" ")) {
            throw new EsmtpParameters.Fault(otherwise);
        }
        return rest;
    }

    /** Where the path begins, or -1; a space behind the colon is wrong, but clients and people send it. */
    private int pathStart(String prefix) {
        if (!AsciiCase.startsWith(line, 0, prefix)) {
            return -1;
        }
        int at = prefix.length();
        while (at < line.length() && line.charAt(at) == ' ') {
            at++;
        }
        return at;
    }
}
