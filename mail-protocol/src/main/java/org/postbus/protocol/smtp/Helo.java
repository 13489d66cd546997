package org.postbus.protocol.smtp;

/**
 * How a client greeted.
 *
 * @param name     what it calls itself: visible ASCII, at most 255 octets, believed by nobody
 * @param extended whether it said EHLO
 */
public record Helo(String name, boolean extended) {}
