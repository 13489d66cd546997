/**
 * POP3 sessions between a TCP socket and mailbox-service: {@link org.postbus.pop3gateway.Pop3Session} drives one engine.
 * It keeps nothing that matters: kill it, and its sessions end with nothing deleted.
 */
package org.postbus.pop3gateway;
