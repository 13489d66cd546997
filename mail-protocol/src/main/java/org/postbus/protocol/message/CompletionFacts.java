package org.postbus.protocol.message;

import java.time.Instant;
import java.util.List;
import org.postbus.protocol.address.ReversePath;

/**
 * What header completion needs to know of a mail. Equal facts and an equal head give equal octets, so filing a
 * mail again changes nothing.
 *
 * @param mailId      makes the Message-ID of a mail that has none
 * @param hostname    the server that accepted the mail
 * @param acceptedAt  makes the Date of a mail that has none
 * @param reversePath becomes the Return-Path field, and the From field of a mail that has none
 * @param traceFields complete folded fields, each ending in CRLF; may be empty
 * @param removedFields names of fields that a filter wants to be rid of
 */
public record CompletionFacts(
        String mailId, String hostname, Instant acceptedAt, ReversePath reversePath, String traceFields,
        List<String> removedFields) {}
