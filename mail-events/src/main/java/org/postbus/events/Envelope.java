package org.postbus.events;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.postbus.protocol.smtp.Notify;

/**
 * The envelope of an accepted mail (RFC 5321 section 2.3.1) with what its transaction told. Bears no mail data.
 *
 * @param mailId          the mail's id, minted at MAIL
 * @param reversePath     the mailbox of the reverse-path, without angle brackets; empty for the null reverse-path
 * @param forwardPaths    the accepted recipients in order, without angle brackets and source routes, spelling kept;
 *                        {@code postmaster} stands alone where the client named no domain
 * @param body            {@code 7BIT} or {@code 8BITMIME} (RFC 6152)
 * @param client          the peer that sent it
 * @param protocol        {@code SMTP}, {@code ESMTP} … (RFC 3848), {@code UTF8SMTP} … where the client announced SMTPUTF8 (RFC 6531), or {@code internal} for mail that Postbus makes
 * @param hostname        the name of the accepting server
 * @param acceptedAt      when the mail data began; it is the Date that a mail without one gets
 * @param directoryOffset the next offset of mail.directory that the judging view had reached; routing waits for it
 * @param traceFields     complete trace fields to stand above the mail data, each ending in CRLF; may be empty
 * @param notifications   what the client asked of delivery status notifications; empty where it left all of that open
 * @param removedFields   names of header fields that final delivery and relay leave out of the mail data
 * @param relaying        whether its client may have mail relayed to domains that are not ours: it logged in, or is of a network
 *                        that may; true for what Postbus itself makes. Absent in records before this field, which says false
 */
public record Envelope(
        UUID mailId,
        String reversePath,
        List<String> forwardPaths,
        String body,
        Client client,
        String protocol,
        String hostname,
        Instant acceptedAt,
        long directoryOffset,
        String traceFields,
        Optional<NotificationRequest> notifications,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> removedFields,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) @JsonSetter(nulls = Nulls.AS_EMPTY) boolean relaying) {

    /**
     * The SMTP peer.
     *
     * @param address  its IP address in text form
     * @param heloName the name it greeted with, as sent; empty if it never greeted
     */
    public record Client(String address, String heloName) {
    }

    public Envelope {
        forwardPaths = List.copyOf(forwardPaths);
        removedFields = removedFields == null ? List.of() : List.copyOf(removedFields);
    }

    /** Of a client that may not have mail relayed. */
    public Envelope(UUID mailId, String reversePath, List<String> forwardPaths, String body, Client client, String protocol,
            String hostname, Instant acceptedAt, long directoryOffset, String traceFields,
            Optional<NotificationRequest> notifications, List<String> removedFields) {
        this(mailId, reversePath, forwardPaths, body, client, protocol, hostname, acceptedAt, directoryOffset, traceFields,
                notifications, removedFields, false);
    }

    /** Of a mail about which nothing special is asked. */
    public Envelope(UUID mailId, String reversePath, List<String> forwardPaths, String body, Client client, String protocol,
            String hostname, Instant acceptedAt, long directoryOffset, String traceFields) {
        this(mailId, reversePath, forwardPaths, body, client, protocol, hostname, acceptedAt, directoryOffset, traceFields,
                Optional.empty(), List.of());
    }

    /** The same with what a filter wants of the header section. */
    public Envelope with(HeaderEdits edits) {
        return new Envelope(mailId, reversePath, forwardPaths, body, client, protocol, hostname, acceptedAt, directoryOffset,
                edits.added() + traceFields, notifications, edits.removed(), relaying);
    }

    /** The same of a client that may, or may not, have mail relayed. */
    public Envelope relaying(boolean may) {
        return new Envelope(mailId, reversePath, forwardPaths, body, client, protocol, hostname, acceptedAt, directoryOffset,
                traceFields, notifications, removedFields, may);
    }

    /** Whether the client wants to be told of that about the recipient; of failures it is unless it says otherwise. */
    public boolean asksFor(Notify what, String forwardPath) {
        return notifications.flatMap(request -> request.recipient(forwardPath))
                .flatMap(NotificationRequest.Recipient::notifyOn)
                .map(when -> when.contains(what)).orElse(what == Notify.FAILURE);
    }

    /** Whether it has the null reverse-path: no DSN may ever answer it (RFC 5321 section 4.5.5). */
    public boolean hasNullReversePath() {
        return reversePath.isEmpty();
    }
}
