package org.postbus.protocol.message;

/**
 * The result of header completion: the stored mail is {@code replacement}, then the client's octets from
 * {@code consumed} on.
 *
 * @param consumed    how many octets of the head the replacement stands for, the empty line included
 * @param replacement Return-Path, trace fields, the completed header section and the empty line
 */
public record Completed(int consumed, byte[] replacement) {}
