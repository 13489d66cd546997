/**
 * DKIM signatures (RFC 6376, 8301, 8463) of mail that leaves: {@link org.postbus.delivery.dkim.DkimSigner} makes the fields,
 * {@link org.postbus.delivery.dkim.DkimKeys} has the keys. Whoever sends decides which mail may be signed: what was submitted under
 * a login or made here, never what came in from elsewhere and is passed on, whoever its From claims to be.
 */
package org.postbus.delivery.dkim;
