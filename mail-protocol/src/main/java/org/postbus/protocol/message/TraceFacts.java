package org.postbus.protocol.message;

import java.net.InetAddress;
import java.time.Instant;
import java.util.Optional;
import org.postbus.protocol.address.ForwardPath;
import org.postbus.protocol.tls.Tls;

/**
 * What the trace fields of one mail tell.
 *
 * @param heloName      the argument of HELO or EHLO; empty where the client never greeted
 * @param client        the client's network address
 * @param hostname      this server
 * @param protocol      the registered transmission type: SMTP, ESMTP, ESMTPS … (RFC 3848)
 * @param tls           what protected the connection; empty in clear text
 * @param mailId        the mail's id
 * @param onlyRecipient the forward-path of a mail with one; empty with more, since Bcc must not show
 * @param acceptedAt    when the mail data began
 */
public record TraceFacts(
        Optional<String> heloName,
        InetAddress client,
        String hostname,
        String protocol,
        Optional<Tls> tls,
        String mailId,
        Optional<ForwardPath> onlyRecipient,
        Instant acceptedAt) {}
