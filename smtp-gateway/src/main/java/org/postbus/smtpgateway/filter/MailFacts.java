package org.postbus.smtpgateway.filter;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import org.postbus.protocol.tls.Tls;

/**
 * What a filter is told of a mail beside its data.
 *
 * @param client      address of the peer that sends it
 * @param heloName    as the client greeted; empty where it did not
 * @param login       address of the account that submits it
 * @param reversePath without angle brackets; empty for the null reverse-path
 * @param recipients  forward-paths without angle brackets
 * @param hostname    of this server
 */
public record MailFacts(String mailId, InetAddress client, Optional<String> heloName, Optional<String> login, Optional<Tls> tls,
        String reversePath, List<String> recipients, String hostname) {

    public MailFacts {
        recipients = List.copyOf(recipients);
    }
}
