package org.postbus.protocol.smtp.client;

import java.util.Optional;

/**
 * Why a mail, a recipient or a connection failed. What is about the host is always temporary: another host, or a later attempt, may
 * do better. A permanent failure comes of MAIL, RCPT, DATA or mail data alone, or of what we know before.
 *
 * @param scope     what the failure is about
 * @param status    the enhanced status code (RFC 3463), of class 4 or 5
 * @param text      why, in one line: printable ASCII
 * @param reply     what the remote said, where it said something
 * @param uncertain whether the remote had the whole mail and its answer is missing: it may have taken the mail
 */
public record Failure(Scope scope, String status, String text, Optional<RemoteReply> reply, boolean uncertain) {

    /** What a failure is about, and so who may try what. */
    public enum Scope {
        /** The connection or the remote host: another host of the domain may be tried at once. */
        HOST,
        /** The mail as a whole, for this host; the connection may be good for others. */
        MAIL,
        /** This recipient alone. */
        RECIPIENT
    }

    /** Whether to try again is in vain (class 5). */
    public boolean isPermanent() {
        return status.charAt(0) == '5';
    }

    /** Of our own finding. */
    static Failure of(Scope scope, String status, String text) {
        return new Failure(scope, status, text, Optional.empty(), false);
    }

    /** As the remote says. */
    static Failure of(Scope scope, RemoteReply reply) {
        return of(scope, reply.status(), reply);
    }

    private static Failure of(Scope scope, String status, RemoteReply reply) {
        return new Failure(scope, status, reply.line(), Optional.of(reply), false);
    }

    /**
     * Of a reply to RCPT: 552 means too many recipients there, and is temporary (RFC 5321, section 4.5.3.1.10), unless an enhanced
     * status code says that it is about something else, such as a full mailbox.
     */
    static Failure ofRecipient(RemoteReply reply) {
        boolean tooMany = reply.code() == 552 && reply.enhanced().filter(status -> !status.equals("5.5.3")).isEmpty();
        return tooMany ? of(Scope.RECIPIENT, "4.5.3", reply) : of(Scope.RECIPIENT, reply);
    }

    /** Of a reply outside of mail: temporary, whatever it says of itself. */
    static Failure ofHost(RemoteReply reply) {
        return of(Scope.HOST, "4" + reply.status().substring(1), reply);
    }

    /** Of a 5yz greeting: no mail service there (RFC 5321, section 3.1; RFC 7504), whatever it says else. */
    static Failure ofGreeting(RemoteReply reply) {
        return reply.code() / 100 == 5 && reply.enhanced().isEmpty() ? of(Scope.HOST, "4.3.2", reply) : ofHost(reply);
    }

    /** Of a remote that does not speak SMTP. */
    static Failure violation(String text) {
        return of(Scope.HOST, "4.5.0", text);
    }

    Failure asUncertain() {
        return new Failure(scope, status, text, reply, true);
    }
}
