package org.postbus.protocol.smtp;

import org.postbus.protocol.sasl.Credentials;

/** What the engine wants its host to do next. */
public sealed interface SmtpAction {

    /** Write a reply. Replies may wait in a buffer until another kind of action comes. */
    record Say(Reply reply) implements SmtpAction {}

    /**
     * Octets of mail data, without dot-stuffing. The array is the one that the host gave to the engine: read it,
     * or copy it, but do not change it.
     */
    record MailData(byte[] octets, int offset, int length) implements SmtpAction {}

    /** The open transaction ended without an accepted mail: drop what belongs to it. */
    record Abandon() implements SmtpAction {}

    /**
     * Close the connection once all replies are written. Octets that still arrive are to be read and dropped for a
     * moment, since a close with unread input resets the connection and can destroy the reply on its way.
     */
    record Close() implements SmtpAction {}

    /**
     * Once the reply before it is written, begin the TLS handshake; then {@link SmtpServerEngine#secured}. Octets that
     * come before the handshake has ended, and are no part of it, end the session.
     */
    record StartTls() implements SmtpAction {}

    /** Nothing to do before {@link SmtpServerEngine#receive} brings octets. */
    record NeedInput() implements SmtpAction {}

    /** Nothing to do before {@link SmtpServerEngine#answer} answers the open question. */
    record NeedAnswer() implements SmtpAction {}

    /** A question: parsing stands still until the host answers with a reply. */
    sealed interface Question extends SmtpAction {}

    /** Whose name and password are these? Positive: {@link Replies#LOGGED_IN}. */
    record AskCredentials(Credentials credentials) implements Question {}

    /** May this transaction begin? Positive: {@link Replies#MAIL_OK}. */
    record AskMail(MailTransaction transaction) implements Question {}

    /** Is this a recipient here? Positive: {@link Replies#RECIPIENT_OK}. */
    record AskRecipient(MailTransaction transaction, Recipient recipient) implements Question {}

    /** Is there room for mail data? Positive: {@link Replies#START_DATA}. */
    record AskData(MailTransaction transaction) implements Question {}

    /**
     * The mail is complete: is it safe? Positive: {@link Replies#accepted}.
     *
     * @param octets how many octets of mail data the host was given
     */
    record AskAccept(MailTransaction transaction, long octets) implements Question {}
}
