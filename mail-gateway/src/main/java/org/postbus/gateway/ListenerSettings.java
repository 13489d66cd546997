package org.postbus.gateway;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.postbus.protocol.address.AddressRange;

/**
 * What a listener needs to know.
 *
 * @param name           what it is, for logs, for example {@code pop3}
 * @param host           address to bind
 * @param port           port to bind; 0 takes any free one
 * @param limits         of open connections; listeners that have the same share them
 * @param loops          verticle instances, each on an event loop of its own
 * @param refusal        the line, with CRLF, that a connection over a limit or during the drain gets before it is closed
 * @param drain          how long open sessions may go on once the drain began
 * @param certificates   for TLS; empty where everything is in clear text
 * @param implicitTls    whether a connection begins with the handshake (RFC 8314); else the protocol may ask for it
 * @param proxies        whose connections begin with a header of the PROXY protocol, and nobody else's
 */
public record ListenerSettings(
        String name,
        String host,
        int port,
        int loops,
        ConnectionLimits limits,
        String refusal,
        Duration drain,
        Optional<Certificates> certificates,
        boolean implicitTls,
        List<AddressRange> proxies) {
}
