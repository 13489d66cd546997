/**
 * The head of a mail: trace fields, the header section and its completion (RFC 5321, section 4.4; RFC 5322).
 * Works on octets; knows nothing of MIME and never looks at a body.
 */
package org.postbus.protocol.message;
