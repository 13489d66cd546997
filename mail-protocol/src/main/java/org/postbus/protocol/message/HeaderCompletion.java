package org.postbus.protocol.message;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.postbus.protocol.address.ReversePath;

/**
 * Makes the header section of the stored mail (RFC 5321, sections 4.4 and 6.4; RFC 5322, section 3.6).
 *
 * <ul>
 *   <li>Return-Path and the trace fields come first; a Return-Path that the client sent is dropped.
 *   <li>Missing Date, From and Message-ID fields are added behind the client's own fields, and a Bcc field is
 *       dropped, unless the mail bears a DKIM signature, which such a change could break.
 *   <li>Where no empty line ends the header section, one is inserted.
 * </ul>
 *
 * <p>Takes any octets without an error; what it does not understand stays as it is.
 */
public final class HeaderCompletion {

    private static final byte[] CRLF = {'\r', '\n'};

    private final byte[] head;
    private final CompletionFacts facts;
    private final ByteArrayOutputStream out;

    private boolean signed;
    private boolean hasDate;
    private boolean hasFrom;
    private boolean hasMessageId;

    private HeaderCompletion(byte[] head, CompletionFacts facts) {
        this.head = head;
        this.facts = facts;
        this.out = new ByteArrayOutputStream(1024 + facts.traceFields().length());
    }

    /**
     * @param head the first octets of the mail as the client sent them, the whole header section among them
     */
    public static Completed complete(byte[] head, CompletionFacts facts) {
        HeaderCompletion completion = new HeaderCompletion(head, facts);
        completion.survey();
        return completion.write();
    }

    private void survey() {
        HeaderScanner fields = new HeaderScanner(head);
        while (fields.nextField()) {
            signed |= fields.is("DKIM-Signature");
            hasDate |= fields.is("Date");
            hasFrom |= fields.is("From");
            hasMessageId |= fields.is("Message-ID");
        }
    }

    private Completed write() {
        text("Return-Path: <" + facts.reversePath().text() + ">\r\n");
        text(facts.traceFields());
        HeaderScanner fields = new HeaderScanner(head);
        while (fields.nextField()) {
            if (!fields.is("Return-Path") && (signed || !fields.is("Bcc"))) {
                copy(fields.fieldStart(), fields.fieldEnd());
            }
        }
        if (!signed) {
            missingFields();
        }
        out.writeBytes(CRLF);
        return new Completed(fields.end(), out.toByteArray());
    }

    /** Copies a field; the last line of a head without line end gets one, so that the next field is its own. */
    private void copy(int from, int to) {
        out.write(head, from, to - from);
        if (head[to - 2] != '\r' || head[to - 1] != '\n') {
            out.writeBytes(CRLF);
        }
    }

    private void missingFields() {
        if (!hasDate) {
            text("Date: " + DateTimes.format(facts.acceptedAt()) + "\r\n");
        }
        if (!hasFrom) {
            text("From: " + from() + "\r\n");
        }
        if (!hasMessageId) {
            text("Message-ID: <" + facts.mailId() + "@" + facts.hostname() + ">\r\n");
        }
    }

    private String from() {
        return switch (facts.reversePath()) {
            case ReversePath.None() -> "MAILER-DAEMON@" + facts.hostname();
            case ReversePath.Of(var mailbox) -> mailbox.toString();
        };
    }

    private void text(String text) {
        out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    }
}
