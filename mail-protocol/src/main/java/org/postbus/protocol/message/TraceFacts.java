package org.postbus.protocol.message;

import java.net.InetAddress;
import java.time.Instant;
import java.util.Optional;
import org.postbus.protocol.address.ForwardPath;

/**
 * What the trace fields of one mail tell.
 *
 * @param heloName      the argument of HELO or EHLO; empty where the client never greeted
 * @param client        the client's network address
 * @param hostname      this server
 * @param protocol      the registered transmission type: SMTP or ESMTP (RFC 3848)
 * @param mailId        the mail's id
 * @param onlyRecipient the forward-path of a mail with one; empty with more, since Bcc must not show
 * @param acceptedAt    when the mail data began
 */
public record TraceFacts(
        Optional<String> heloName,
        InetAddress client,
        String hostname,
        String protocol,
        String mailId,
        Optional<ForwardPath> onlyRecipient,
        Instant acceptedAt) {}
