/**
 * The POP3 server as a sans-IO engine: RFC 1939, with RFC 2449 (CAPA, response codes), RFC 3206
 * ([AUTH], [SYS/…]), RFC 2595 (STLS), RFC 5034 (AUTH) and RFC 6856 (UTF8).
 *
 * <p>{@link org.postbus.protocol.pop3.Pop3Engine} is one session. Its host hands it octets, asks for the next
 * {@link org.postbus.protocol.pop3.Action} whenever the peer can take more, and answers its questions. Everything that
 * affects the state of a session lives in the engine; it has no socket, thread or clock.
 *
 * <p>Not offered, on purpose: APOP (it needs a recoverable secret, and MD5), LAST (gone since RFC 1725).
 */
package org.postbus.protocol.pop3;
