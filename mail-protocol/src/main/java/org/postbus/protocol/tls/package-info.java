/** What SMTP and POP3 say about TLS. The handshake itself is the host's. */
package org.postbus.protocol.tls;
