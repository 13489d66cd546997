package org.postbus.protocol.smtp;

/** What of a mail a notification of its failure returns (RFC 3461, section 4.3): all of it, or its header section. */
public enum Return { FULL, HDRS }
