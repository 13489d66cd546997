package org.postbus.gateway;

import java.time.Duration;

/**
 * What a listener needs to know.
 *
 * @param name           what it is, for logs, for example {@code pop3}
 * @param host           address to bind
 * @param port           port to bind; 0 takes any free one
 * @param loops          verticle instances, each on an event loop of its own
 * @param maxConnections open connections in all
 * @param maxPerAddress  open connections per IPv4 address or IPv6 /64
 * @param refusal        the line, with CRLF, that a connection over a limit or during the drain gets before it is closed
 * @param drain          how long open sessions may go on once the drain began
 */
public record ListenerSettings(
        String name,
        String host,
        int port,
        int loops,
        int maxConnections,
        int maxPerAddress,
        String refusal,
        Duration drain) {
}
