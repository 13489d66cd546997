/**
 * The server side of SASL (RFC 4422), the same for SMTP (RFC 4954) and POP3 (RFC 5034): lines in, a challenge or
 * credentials out. {@link org.postbus.protocol.sasl.SaslMechanism} lists what there is,
 * {@link org.postbus.protocol.sasl.SaslDialog} is one login.
 */
package org.postbus.protocol.sasl;
