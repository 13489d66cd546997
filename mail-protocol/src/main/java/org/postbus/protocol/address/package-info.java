/**
 * The address grammar of RFC 5321, section 4.1.2: paths, mailboxes, domains, address literals. Text comes in
 * and values go out; a value of this package never holds a control octet, so it can stand in a command, a
 * field or a log line as it is. Octets above 127 are refused until SMTPUTF8 is offered.
 */
package org.postbus.protocol.address;
