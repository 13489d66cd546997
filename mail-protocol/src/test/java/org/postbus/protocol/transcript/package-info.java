/**
 * Session transcripts: one file shows one behaviour of a protocol and runs against the bare engine, a
 * gateway over TCP, and the whole platform.
 *
 * <pre>
 * # RFC 5321, section 4.1.1.3: what this file shows.
 * given: domain example.org
 * given: account jones@example.org secret quota=1000
 * given: alias info@example.org jones@example.org brown@example.org
 * given: config smtp.require-helo=false
 * given: mail jones@example.org
 * | Subject: a mail that lies in the maildrop before the session
 * |
 * | hi
 * S: 220 {host} ESMTP {*}
 * C: NOOP
 * C: QUIT
 * S: 250 {*}
 * S: 221 {*}
 * S: &lt;close&gt;
 * </pre>
 *
 * <p>A mail whose header section is not ASCII is one that came by SMTPUTF8 (RFC 6531).
 *
 * <p>Client lines: {@code C: line} sends the line and CRLF, {@code C~ text} the text alone. Consecutive
 * client lines are one group and leave in one write. Escapes: {@code \r \n \0 \t \\ \xNN}, and
 * <code>{a*600}</code> for 600 times {@code a}, <code>{base64:text}</code>. {@code C: <tls>} is a TLS handshake.
 *
 * <p>Server lines: <code>{*}</code> is any text, <code>{name}</code> captures at least one character,
 * <code>{name:n}</code> digits, <code>{name:id}</code> a UUID; a name seen before must match equal. The
 * line <code>S: {lines}</code> stands for any number of lines up to the next server line. Escapes as above,
 * and <code>\{</code> for a brace. {@code S: <close>} means that the server closes the connection, with
 * nothing more said. Octets are read and compared as ISO 8859-1; every line ends in CRLF.
 *
 * <p>Files live under {@code transcripts/PROTOCOL/RFC-SECTION/behaviour.txt}.
 */
package org.postbus.protocol.transcript;
