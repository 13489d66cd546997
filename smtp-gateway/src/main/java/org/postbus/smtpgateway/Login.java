package org.postbus.smtpgateway;

import java.util.UUID;

/**
 * Who a session is.
 *
 * @param address the account's, in canonical form
 */
record Login(UUID accountId, String address) {}
