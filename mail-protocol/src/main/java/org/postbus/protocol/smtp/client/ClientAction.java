package org.postbus.protocol.smtp.client;

import java.time.Duration;
import java.util.List;

/**
 * What the engine wants its host to do next. {@code Write}, {@code TlsRefused} and {@code Outcomes} come once; the others come again
 * until the host has done what they ask for.
 */
public sealed interface ClientAction {

    /**
     * Write octets. They may wait in a buffer until another kind of action comes, {@code NeedContent} excepted. The array may be one
     * that the host gave as content: write it before you change it.
     */
    record Write(byte[] octets, int offset, int length) implements ClientAction {

        Write(byte[] octets) {
            this(octets, 0, octets.length);
        }
    }

    /**
     * Nothing to do before {@link SmtpClientEngine#receive} brings octets, or {@link SmtpClientEngine#connectionLost} or
     * {@link SmtpClientEngine#timedOut} tells that none will come.
     *
     * @param atMost how long the remote may take (RFC 5321, section 4.5.3.2)
     */
    record NeedInput(Duration atMost) implements ClientAction {}

    /**
     * Begin the TLS handshake; then {@link SmtpClientEngine#tlsStarted} or {@link SmtpClientEngine#tlsFailed}. The name in the
     * certificate is for the host to judge.
     */
    record StartTls() implements ClientAction {}

    /**
     * STARTTLS was offered and then refused. The connection goes on in clear text: a host that does not want that calls
     * {@link SmtpClientEngine#quit}, or closes.
     */
    record TlsRefused(RemoteReply reply) implements ClientAction {}

    /**
     * Nothing to do before {@link SmtpClientEngine#send}, {@link SmtpClientEngine#check} or {@link SmtpClientEngine#quit}.
     *
     * @param tls whether the connection is protected
     */
    record Ready(Capabilities capabilities, boolean tls) implements ClientAction {}

    /**
     * Nothing to do before {@link SmtpClientEngine#content} brings mail data, in one piece or in several, or
     * {@link SmtpClientEngine#contentFailed} tells that it cannot be had.
     *
     * @param atMost octets that it takes now: from 1 to 256 KiB
     */
    record NeedContent(int atMost) implements ClientAction {}

    /**
     * The mail has ended.
     *
     * @param outcomes one for each recipient, in the order of the mail
     * @param dsn      whether the remote announced DSN: then who wants to hear that a mail was relayed will hear more from there
     *                 (RFC 3461, section 5.2.2)
     */
    record Outcomes(List<Outcome> outcomes, boolean dsn) implements ClientAction {}

    /** Close the connection: it is of no more use. The outcomes of an open mail came before. */
    record Failed(Failure failure) implements ClientAction {}

    /** Close the connection: all was said. */
    record Closed() implements ClientAction {}
}
