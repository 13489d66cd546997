package org.postbus.protocol.smtp;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.postbus.protocol.address.AsciiCase;
import org.postbus.protocol.address.ForwardPath;

/**
 * Reads the parameters of MAIL and RCPT, one method for each.
 *
 * <p>Mail-parameters = esmtp-param *(SP esmtp-param) ; esmtp-param = esmtp-keyword ["=" esmtp-value] (RFC 5321, section 4.1.2)
 */
final class EsmtpParameters {

    /** Characters of ENVID and ORCPT as they stand in the line (RFC 3461, sections 4.4 and 4.2). */
    private static final int MAX_ENVELOPE_ID = 100;
    private static final int MAX_ORIGINAL_RECIPIENT = 500;

    private OptionalLong size = OptionalLong.empty();
    private Optional<Boolean> eightBit = Optional.empty();
    private boolean smtpUtf8;
    private Optional<Return> returned = Optional.empty();
    private Optional<String> envelopeId = Optional.empty();
    private Optional<Set<Notify>> notifyOn = Optional.empty();
    private Optional<String> originalRecipient = Optional.empty();

    private EsmtpParameters() {}

    /** A parameter that is not known, or not right. Cheap: it bears no stack trace. */
    static final class Fault extends Exception {

        private static final long serialVersionUID = 1L;

        private final transient Reply reply;

        Fault(Reply reply) {
            super(reply.text(), null, false, false);
            this.reply = reply;
        }

        Reply reply() {
            return reply;
        }
    }

    private interface Reader {

        void read(String keyword, Optional<String> value) throws Fault;
    }

    static MailParameters ofMail(String text, SmtpService service) throws Fault {
        EsmtpParameters read = new EsmtpParameters();
        each(text, (keyword, value) -> {
            switch (keyword) {
                case "SIZE" -> read.size(value);
                case "BODY" -> read.body(value);
                case "SMTPUTF8" -> read.smtpUtf8(value);
                case "RET" -> read.returned(value);
                case "ENVID" -> read.envelopeId(value);
                case "AUTH" -> submitter(value, service);
                default -> throw new Fault(Replies.UNKNOWN_PARAMETER);
            }
        });
        return new MailParameters(read.size, read.eightBit.orElse(false), read.smtpUtf8, read.returned, read.envelopeId);
    }

    static Recipient ofRcpt(ForwardPath forwardPath, String text) throws Fault {
        EsmtpParameters read = new EsmtpParameters();
        each(text, (keyword, value) -> {
            switch (keyword) {
                case "NOTIFY" -> read.notify(value);
                case "ORCPT" -> read.originalRecipient(value);
                default -> throw new Fault(Replies.UNKNOWN_PARAMETER);
            }
        });
        return new Recipient(forwardPath, read.notifyOn, read.originalRecipient);
    }

    private static void each(String text, Reader reader) throws Fault {
        int end;
        for (int at = 0; at < text.length(); at = end + 1) {
            int space = text.indexOf(' ', at);
            end = space < 0 ? text.length() : space;
            if (end == at) {
                continue;
            }
            String parameter = text.substring(at, end);
            int equals = parameter.indexOf('=');
            String keyword = equals < 0 ? parameter : parameter.substring(0, equals);
            reader.read(AsciiCase.upper(keyword),
                    equals < 0 ? Optional.empty() : Optional.of(parameter.substring(equals + 1)));
        }
    }

    // auth-param = "AUTH=" xtext ; who submitted the mail, says another server, and is not believed (RFC 4954, section 5)
    private static void submitter(Optional<String> value, SmtpService service) throws Fault {
        if (service == SmtpService.MX) {
            throw new Fault(Replies.UNKNOWN_PARAMETER);
        }
        required(value);
    }

    // size-value = 1*20DIGIT (RFC 1870)
    private void size(Optional<String> value) throws Fault {
        require(size.isEmpty() && CommandParser.isNumber(required(value)));
        size = OptionalLong.of(CommandParser.number(value.get()));
    }

    // body-value = "7BIT" / "8BITMIME" (RFC 6152)
    private void body(Optional<String> value) throws Fault {
        String body = AsciiCase.upper(required(value));
        require(eightBit.isEmpty() && (body.equals("7BIT") || body.equals("8BITMIME")));
        eightBit = Optional.of(body.equals("8BITMIME"));
    }

    // SMTPUTF8 ; without a value (RFC 6531, section 3.1)
    private void smtpUtf8(Optional<String> value) throws Fault {
        require(!smtpUtf8 && value.isEmpty());
        smtpUtf8 = true;
    }

    // ret-value = "FULL" / "HDRS" (RFC 3461, section 4.3)
    private void returned(Optional<String> value) throws Fault {
        String what = AsciiCase.upper(required(value));
        require(returned.isEmpty() && (what.equals("FULL") || what.equals("HDRS")));
        returned = Optional.of(Return.valueOf(what));
    }

    // envid-parameter = "ENVID=" xtext (RFC 3461, section 4.4)
    private void envelopeId(Optional<String> value) throws Fault {
        require(envelopeId.isEmpty() && required(value).length() <= MAX_ENVELOPE_ID);
        envelopeId = Optional.of(Xtext.decode(value.get()).orElseThrow(() -> new Fault(Replies.BAD_PARAMETER)));
    }

    // notify-esmtp-value = "NEVER" / 1#( "SUCCESS" / "FAILURE" / "DELAY" ) (RFC 3461, section 4.1)
    private void notify(Optional<String> value) throws Fault {
        require(notifyOn.isEmpty());
        Set<Notify> when = EnumSet.noneOf(Notify.class);
        String words = AsciiCase.upper(required(value));
        for (String word : words.equals("NEVER") ? new String[0] : words.split(",", -1)) {
            switch (word) {
                case "SUCCESS", "FAILURE", "DELAY" -> when.add(Notify.valueOf(word));
                default -> throw new Fault(Replies.BAD_PARAMETER);
            }
        }
        notifyOn = Optional.of(Set.copyOf(when));
    }

    // original-recipient-address = addr-type ";" xtext (RFC 3461, section 4.2); of the type utf-8 by RFC 6533, section 3
    private void originalRecipient(Optional<String> value) throws Fault {
        require(originalRecipient.isEmpty() && required(value).length() <= MAX_ORIGINAL_RECIPIENT);
        int semicolon = value.get().indexOf(';');
        require(semicolon > 0);
        String type = value.get().substring(0, semicolon).toLowerCase(Locale.ROOT);
        String address = value.get().substring(semicolon + 1);
        require(type.chars().allMatch(c -> c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-'));
        originalRecipient = Optional.of(type + ";" + (type.equals("utf-8") ? Xtext.decodeUtf8(address) : Xtext.decode(address))
                .filter(text -> !text.isBlank()).orElseThrow(() -> new Fault(Replies.BAD_PARAMETER)));
    }

    private static String required(Optional<String> value) throws Fault {
        require(value.isPresent() && !value.get().isEmpty());
        return value.get();
    }

    private static void require(boolean holds) throws Fault {
        if (!holds) {
            throw new Fault(Replies.BAD_PARAMETER);
        }
    }
}
