package org.postbus.protocol.smtp;

import java.util.List;
import java.util.stream.Stream;

/**
 * Every reply that this server gives (RFC 5321, section 4.2.3; enhanced codes of RFC 3463). No reply repeats
 * what the client sent.
 */
public final class Replies {

    // Positive

    public static Reply greeting(String hostname) {
        return new Reply(220, "", hostname + " ESMTP Postbus");
    }

    public static Reply helo(String hostname) {
        return new Reply(250, "", hostname);
    }

    /** @param extensions each as it is announced, with its parameters */
    public static Reply ehlo(String hostname, List<String> extensions) {
        return new Reply(250, "", Stream.concat(Stream.of(hostname), extensions.stream()).toList());
    }

    public static final Reply READY_FOR_TLS = new Reply(220, "2.0.0", "Ready to start TLS");

    /** @param base64 of the mechanism's challenge */
    public static Reply challenge(String base64) {
        return new Reply(334, "", base64);
    }

    public static final Reply LOGGED_IN = new Reply(235, "2.7.0", "Authentication succeeded");

    /** One chunk of several is taken (RFC 3030, section 2). */
    public static Reply chunk(long octets) {
        return new Reply(250, "2.0.0", octets + " octets of mail data so far");
    }

    public static final Reply MAIL_OK = new Reply(250, "2.1.0", "Reverse-path ok");
    public static final Reply RECIPIENT_OK = new Reply(250, "2.1.5", "Forward-path ok");
    public static final Reply START_DATA = new Reply(354, "", "End data with <CR><LF>.<CR><LF>");
    public static final Reply RESET = new Reply(250, "2.0.0", "Reset");
    public static final Reply NOOP = new Reply(250, "2.0.0", "Ok");
    public static final Reply VRFY = new Reply(252, "2.5.0", "Not verified here; RCPT tells");
    public static final Reply HELP = new Reply(214, "2.0.0",
            List.of("HELO EHLO STARTTLS AUTH MAIL RCPT DATA BDAT RSET NOOP VRFY HELP QUIT", "RFC 5321 explains them"));

    /** The server has taken over the responsibility for the mail (RFC 5321, section 6.1). */
    public static Reply accepted(String mailId) {
        return new Reply(250, "2.0.0", "Accepted as " + mailId);
    }

    public static Reply quit(String hostname) {
        return new Reply(221, "2.0.0", hostname + " closing connection");
    }

    // The session ends

    public static final Reply SHUTTING_DOWN = new Reply(421, "4.3.2", "Service shutting down, try again later");
    public static final Reply TOO_MANY_CONNECTIONS = new Reply(421, "4.7.0", "Too many connections, try again later");
    public static final Reply TIMEOUT = new Reply(421, "4.4.2", "Timeout, closing connection");
    public static final Reply DATA_TOO_SLOW = new Reply(421, "4.4.2", "Mail data took too long, closing connection");
    public static final Reply TOO_MANY_ERRORS = new Reply(421, "4.7.0", "Too many bad commands, closing connection");
    public static final Reply TOO_MANY_MAILS = new Reply(421, "4.7.0", "Too many mails in one session, closing connection");
    public static final Reply SESSION_TOO_LONG = new Reply(421, "4.7.0", "Session too long, closing connection");
    public static final Reply LISTED = new Reply(554, "5.7.1", "Your address is on a blocklist that this server heeds");
    public static final Reply NOT_HTTP = new Reply(521, "5.5.1", "This is SMTP, closing connection");
    public static final Reply BARE_LINE_END = new Reply(500, "5.5.2", "Bare CR or LF in command, closing connection");
    public static final Reply LINE_TOO_LONG = new Reply(500, "5.5.2", "Command line too long, closing connection");
    public static final Reply NOT_LAST_IN_GROUP = new Reply(554, "5.5.0", "Client did not wait for the reply");

    public static final Reply BAD_CHUNK_SIZE = new Reply(501, "5.5.4", "Bad chunk size, closing connection");
    public static final Reply TOO_MANY_LOGINS = new Reply(421, "4.7.0", "Too many failed logins, closing connection");

    // Logins and TLS

    public static final Reply CREDENTIALS_INVALID = new Reply(535, "5.7.8", "Wrong name or password");
    public static final Reply CANNOT_JUDGE = new Reply(454, "4.7.0", "Cannot authenticate now, try again later");
    public static final Reply TOO_MANY_GUESSES = new Reply(454, "4.7.0", "Too many failed logins, try again later");
    public static final Reply CANCELLED = new Reply(501, "5.7.0", "Authentication cancelled");
    public static final Reply BAD_RESPONSE = new Reply(501, "5.5.2", "Not what the mechanism asks for, in base64");
    public static final Reply UNKNOWN_MECHANISM = new Reply(504, "5.5.4", "Mechanism not offered");
    public static final Reply LOGGED_IN_BEFORE = new Reply(503, "5.5.1", "Already authenticated");
    public static final Reply ENCRYPT_FIRST = new Reply(538, "5.7.11", "No login without TLS");
    public static final Reply START_TLS_FIRST = new Reply(530, "5.7.0", "Must issue a STARTTLS command first");
    public static final Reply LOG_IN_FIRST = new Reply(530, "5.7.0", "Authentication required");
    public static final Reply SECURED_BEFORE = new Reply(503, "5.5.1", "TLS is in use");
    public static final Reply NOT_OWNED = new Reply(553, "5.7.1", "Not an address of the authenticated account");
    public static final Reply CANNOT_VERIFY_SENDER = new Reply(451, "4.3.0", "Cannot verify the sender now");

    // Bad commands

    public static final Reply UNKNOWN_COMMAND = new Reply(500, "5.5.1", "Command not known");
    public static final Reply NUL_IN_COMMAND = new Reply(500, "5.5.2", "NUL in command");
    public static final Reply NOT_OFFERED = new Reply(502, "5.5.1", "Command not offered");
    public static final Reply NO_ARGUMENT_ALLOWED = new Reply(501, "5.5.4", "Command takes no argument");
    public static final Reply ARGUMENT_MISSING = new Reply(501, "5.5.4", "Argument missing");
    public static final Reply BAD_HELO = new Reply(501, "5.5.4", "Domain or address literal expected");
    public static final Reply MAIL_SYNTAX = new Reply(501, "5.5.4", "Syntax: MAIL FROM:<local-part@domain>");
    public static final Reply RCPT_SYNTAX = new Reply(501, "5.5.4", "Syntax: RCPT TO:<local-part@domain>");
    public static final Reply BAD_REVERSE_PATH = new Reply(501, "5.1.7", "Bad reverse-path");
    public static final Reply BAD_FORWARD_PATH = new Reply(501, "5.1.3", "Bad forward-path");
    public static final Reply NOT_ASCII = new Reply(553, "5.6.7", "Address outside ASCII without SMTPUTF8");
    public static final Reply NOT_UTF8 = new Reply(501, "5.5.2", "Octets above 127 that are no UTF-8");
    public static final Reply BAD_PARAMETER = new Reply(501, "5.5.4", "Bad parameter");
    public static final Reply UNKNOWN_PARAMETER = new Reply(555, "5.5.4", "Parameter not known");
    public static final Reply GREET_FIRST = new Reply(503, "5.5.1", "HELO or EHLO first");
    public static final Reply MAIL_FIRST = new Reply(503, "5.5.1", "MAIL first");
    public static final Reply NESTED_MAIL = new Reply(503, "5.5.1", "Mail transaction already open");
    public static final Reply CHUNK_EXPECTED = new Reply(503, "5.5.1", "BDAT or RSET expected");
    public static final Reply NO_RECIPIENTS = new Reply(554, "5.5.1", "No valid recipients");

    // Too much of it

    public static final Reply TOO_FAST = new Reply(452, "4.7.0", "Too much in a minute, try again later");

    // Refusals of a recipient

    public static final Reply UNKNOWN_RECIPIENT = new Reply(550, "5.1.1", "No such mailbox here");
    public static final Reply RELAY_DENIED = new Reply(550, "5.7.1", "Not a domain of this server: relay denied");
    public static final Reply DISABLED_RECIPIENT = new Reply(550, "5.2.1", "Mailbox disabled");
    public static final Reply ALIAS_LOOP = new Reply(550, "5.4.6", "Alias leads back to itself");
    public static final Reply CANNOT_VERIFY = new Reply(451, "4.3.0", "Cannot verify the recipient now");
    public static final Reply NOT_QUALIFIED = new Reply(554, "5.1.2", "Domain is not fully qualified");
    public static final Reply TOO_MANY_RECIPIENTS = new Reply(452, "4.5.3", "Too many recipients");

    // Refusals of a mail

    public static final Reply TOO_LARGE = new Reply(552, "5.3.4", "Mail too large");
    public static final Reply HEADER_TOO_LARGE = new Reply(552, "5.3.4", "Header section too large");
    public static final Reply TOO_MANY_HOPS = new Reply(554, "5.4.6", "Too many hops");
    public static final Reply TEXT_LINE_TOO_LONG = new Reply(554, "5.6.0", "Line of mail data too long");
    public static final Reply BARE_LINE_END_IN_DATA = new Reply(550, "5.6.0", "Bare CR or LF in mail data");
    public static final Reply NOT_STORED = new Reply(451, "4.3.0", "Mail could not be stored, try again later");
    public static final Reply NO_SPACE = new Reply(452, "4.3.1", "Not enough storage now, try again later");

    public static final Reply HEADER_NOT_QUALIFIED =
            new Reply(554, "5.6.0", "Address in the header section without a full domain");
    public static final Reply FILTER_UNAVAILABLE = new Reply(451, "4.7.1", "Content filter does not answer, try again later");

    /** The content filter does not want the mail, ever; its words are made fit for a reply. */
    public static Reply filtered(String why) {
        return new Reply(554, "5.7.1", Reply.printable(why));
    }

    /** The content filter does not want the mail now. */
    public static Reply deferred(String why) {
        return new Reply(451, "4.7.1", Reply.printable(why));
    }

    private Replies() {}
}
