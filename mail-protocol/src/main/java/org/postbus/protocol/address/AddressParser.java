package org.postbus.protocol.address;

import org.postbus.protocol.address.AddressSyntaxException.Fault;

/**
 * A recursive descent over the grammar of RFC 5321, section 4.1.2, one method for each rule, with what RFC 6531, section 3.3,
 * adds: whether an address outside ASCII is allowed is for the caller to judge ({@link Mailbox#isAscii}).
 *
 * <p>{@link #position()} stands behind what has been read: a command parser goes on there.
 */
public final class AddressParser {

    /** Octets of a path with its brackets and source route (RFC 5321, section 4.5.3.1.3). */
    public static final int MAX_PATH = 256;

    private static final int MAX_LABEL = 63;
    private static final String ATEXT_MARKS = "!#$%&'*+-/=?^_`{|}~";

    private final String text;
    private int at;

    public AddressParser(String text) {
        this(text, 0);
    }

    /** Begins at an offset of the text. */
    public AddressParser(String text, int from) {
        this.text = text;
        this.at = from;
    }

    /** The offset of the first character that is not read yet. */
    public int position() {
        return at;
    }

    // Reverse-path = Path / "<>"
    public ReversePath reversePath() {
        if (text.startsWith("<>", at)) {
            at += 2;
            return new ReversePath.None();
        }
        return new ReversePath.Of(path());
    }

    // rcpt = "RCPT TO:" ( "<Postmaster@" Domain ">" / "<Postmaster>" / Forward-path )
    public ForwardPath forwardPath() {
        String bare = "<postmaster>";
        if (AsciiCase.startsWith(text, at, bare)) {
            at += bare.length();
            return new ForwardPath.Postmaster();
        }
        return new ForwardPath.Of(path());
    }

    // Path = "<" [ A-d-l ":" ] Mailbox ">"
    private Mailbox path() {
        int start = at;
        expect('<');
        if (peek() == '@') {
            sourceRoute();
        }
        Mailbox mailbox = mailbox();
        expect('>');
        if (octetsSince(start) > MAX_PATH) {
            throw tooLong("path over " + MAX_PATH + " octets");
        }
        return mailbox;
    }

    // A-d-l = At-domain *( "," At-domain ) ; MUST BE accepted, SHOULD be ignored
    private void sourceRoute() {
        do {
            expect('@');
            domain();
        } while (skip(','));
        expect(':');
    }

    // Mailbox = Local-part "@" ( Domain / address-literal )
    Mailbox mailbox() {
        int start = at;
        String localPart = peek() == '"' ? quotedString() : dotString();
        if (octetsSince(start) > Mailbox.MAX_LOCAL_PART) {
            throw tooLong("local part over " + Mailbox.MAX_LOCAL_PART + " octets");
        }
        expect('@');
        return new Mailbox(localPart, peek() == '[' ? addressLiteral() : domain());
    }

    // Dot-string = Atom *("." Atom)
    private String dotString() {
        int start = at;
        do {
            atom();
        } while (skip('.'));
        return text.substring(start, at);
    }

    // Atom = 1*atext ; atext =/ UTF8-non-ascii
    private void atom() {
        int start = at;
        while (isAtext(peek()) || International.isText(codePoint())) {
            at += Character.charCount(codePoint());
        }
        if (at == start) {
            throw unexpected("local part");
        }
    }

    // Quoted-string = DQUOTE *QcontentSMTP DQUOTE
    // QcontentSMTP  = qtextSMTP / quoted-pairSMTP ; %d32-126, with a backslash before " and \ ; qtextSMTP =/ UTF8-non-ascii
    private String quotedString() {
        StringBuilder content = new StringBuilder();
        expect('"');
        while (!skip('"')) {
            boolean pair = skip('\\');
            boolean printable = peek() >= ' ' && peek() <= '~';
            if (!printable && (pair || !International.isText(codePoint()))) {
                throw unexpected("quoted string");
            }
            content.appendCodePoint(codePoint());
            at += Character.charCount(codePoint());
        }
        return content.toString();
    }

    // Domain = sub-domain *("." sub-domain)
    private String domain() {
        int start = at;
        do {
            subDomain();
        } while (skip('.'));
        if (octetsSince(start) > Mailbox.MAX_DOMAIN) {
            throw tooLong("domain over " + Mailbox.MAX_DOMAIN + " octets");
        }
        String domain = text.substring(start, at);
        if (International.aLabels(domain).isEmpty()) {
            throw unexpected("domain");
        }
        return domain;
    }

    // sub-domain = Let-dig [Ldh-str] ; Ldh-str = *( ALPHA / DIGIT / "-" ) Let-dig ; sub-domain =/ U-label
    private void subDomain() {
        int start = at;
        while (isLetterOrDigit(peek()) || peek() == '-' || International.isLabelText(codePoint())) {
            at += Character.charCount(codePoint());
        }
        if (at == start || text.charAt(start) == '-' || text.charAt(at - 1) == '-') {
            throw unexpected("domain");
        }
        if (at - start > MAX_LABEL) {
            throw tooLong("domain label over " + MAX_LABEL + " octets");
        }
    }

    // address-literal = "[" ( IPv4-address-literal / IPv6-address-literal / General-address-literal ) "]"
    private String addressLiteral() {
        int start = at;
        int close = text.indexOf(']', at);
        if (close < 0 || !AddressLiteral.isValid(text.substring(at + 1, close))) {
            throw unexpected("address literal");
        }
        at = close + 1;
        if (at - start > Mailbox.MAX_DOMAIN) {
            throw tooLong("address literal over " + Mailbox.MAX_DOMAIN + " octets");
        }
        return text.substring(start, at);
    }

    /** @throws AddressSyntaxException where text is left */
    void end() {
        if (at != text.length()) {
            throw unexpected("mailbox");
        }
    }

    static boolean isDotString(String localPart) {
        AddressParser parser = new AddressParser(localPart);
        try {
            parser.dotString();
            return parser.at == localPart.length();
        } catch (AddressSyntaxException quotesNeeded) {
            return false;
        }
    }

    /** The character to read next; one that no rule takes at the end of the text. */
    private char peek() {
        return at < text.length() ? text.charAt(at) : '\0';
    }

    /** The same with what lies beyond the first plane; 0 at the end. */
    private int codePoint() {
        return at < text.length() ? text.codePointAt(at) : 0;
    }

    private int octetsSince(int start) {
        return International.octets(text.substring(start, at));
    }

    private boolean skip(char wanted) {
        if (peek() != wanted) {
            return false;
        }
        at++;
        return true;
    }

    private void expect(char wanted) {
        if (!skip(wanted)) {
            throw unexpected("'" + wanted + "'");
        }
    }

    private AddressSyntaxException unexpected(String rule) {
        return new AddressSyntaxException(Fault.SYNTAX, "bad " + rule + " at " + at);
    }

    private static AddressSyntaxException tooLong(String message) {
        return new AddressSyntaxException(Fault.TOO_LONG, message);
    }

    // atext of RFC 5322, section 3.2.3
    private static boolean isAtext(char c) {
        return isLetterOrDigit(c) || c != '\0' && ATEXT_MARKS.indexOf(c) >= 0;
    }

    static boolean isLetterOrDigit(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
    }
}
