package org.postbus.protocol.smtp;

/** When a client wants a delivery status notification about a recipient (RFC 3461, section 4.1). */
public enum Notify { SUCCESS, FAILURE, DELAY }
