/**
 * How much TLS the way to a host needs, by configuration and by what domains publish (MTA-STS, RFC 8461), and whether a
 * certificate is enough for it.
 */
package org.postbus.delivery.tlspolicy;
