package org.postbus.protocol.pop3;

import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.UUID;
import org.postbus.protocol.sasl.Credentials;

/** What the engine wants its host to do next. */
public sealed interface Action {

    /** Write octets to the peer: at most a few pieces of {@link Pop3Engine#PIECE_OCTETS}. The host owns the array. */
    record Send(byte[] octets) implements Action { }

    /** Close the connection once everything is written; the engine has no further action. */
    record Close() implements Action { }

    /** Nothing to do until {@link Pop3Engine#receive octets} of the peer come. */
    record NeedOctets() implements Action { }

    /** Nothing to do until the open question is answered, or more content comes; reading from the peer should rest. */
    record NeedAnswer() implements Action { }

    /** The rest of the message is not wanted (TOP): stop fetching it. No answer. */
    record StopContent() implements Action { }

    /** A question. It is asked once, and parsing stands still until it is answered. */
    sealed interface Question extends Action { }

    /**
     * Authenticate and open the maildrop. Answered by {@link Pop3Engine#opened} or {@link Pop3Engine#notOpened}.
     *
     * @param credentials their name as the client gave it: an address, or a bare user name
     * @param utf8        whether the client asked for UTF-8 mode (RFC 6856); else no message may have header fields that are
     *                    not ASCII because its transport allowed them
     */
    record OpenMaildrop(Credentials credentials, boolean utf8) implements Question { }

    /**
     * Do the server's side of a TLS handshake, and drop what was received before it and not handed on. Answered by
     * {@link Pop3Engine#secured}; where it fails the session is over.
     */
    record StartTls() implements Question { }

    /**
     * Fetch a message. Answered by {@link Pop3Engine#contentBegins}, {@link Pop3Engine#content} for each piece and
     * {@link Pop3Engine#contentEnds}, or by {@link Pop3Engine#contentRefused}, or at any point by
     * {@link Pop3Engine#contentBroken}.
     *
     * @param number    message-number, from 1
     * @param octets    size as listed
     * @param bodyLines lines of the body that are wanted (TOP); empty for the whole message (RETR)
     */
    record FetchMessage(int number, UUID mailId, long octets, OptionalInt bodyLines) implements Question {

        /** Whether all of it is wanted. */
        public boolean whole() {
            return bodyLines.isEmpty();
        }
    }

    /**
     * Enter the UPDATE state: delete the messages and release the lock. Answered by {@link Pop3Engine#updated} once
     * that is durable, else by {@link Pop3Engine#notUpdated}.
     *
     * @param deleted may be empty
     */
    record UpdateMaildrop(List<UUID> deleted) implements Question { }

    /** Let time pass. Answered by {@link Pop3Engine#waited}. */
    record Wait(Duration time) implements Question { }
}
