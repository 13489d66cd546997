package org.postbus.protocol.message;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.postbus.protocol.address.Mailbox;
import org.postbus.protocol.address.ReversePath;

/**
 * Completes the header section of a mail: of what an account submits before it is accepted (RFC 6409, section 8), of the stored
 * mail at final delivery (RFC 5321, sections 4.4 and 6.4; RFC 5322, section 3.6), and of mail that is relayed.
 *
 * <ul>
 *   <li>Missing Date, From and Message-ID fields are added behind the client's own fields, and a Bcc field is
 *       dropped, unless the mail bears a DKIM signature, which such a change could break.
 *   <li>At final delivery Return-Path and the trace fields come first. A Return-Path that the client sent is dropped, and so are
 *       Authentication-Results that claim to be of this server (RFC 8601, section 5), and what a filter wants to be rid of.
 *   <li>At submission a Sender field takes the place of the client's, where the caller says so.
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
     * What final delivery makes of it.
     *
     * @param head the first octets of the mail as the client sent them, the whole header section among them
     */
    public static Completed complete(byte[] head, CompletionFacts facts) {
        HeaderCompletion completion = new HeaderCompletion(head, facts);
        completion.survey();
        completion.text("Return-Path: <" + facts.reversePath().text() + ">\r\n");
        completion.text(facts.traceFields());
        return completion.write(fields -> !fields.is("Return-Path") && !completion.isForged(fields)
                && facts.removedFields().stream().noneMatch(fields::is), "");
    }

    /**
     * What submission makes of it.
     *
     * @param head   the first octets of the mail as the client sent them, the whole header section among them
     * @param facts  trace fields and fields to remove are for final delivery
     * @param sender who sent it, where the client's header section does not tell that rightly
     */
    public static Completed submitted(byte[] head, CompletionFacts facts, Optional<Mailbox> sender) {
        HeaderCompletion completion = new HeaderCompletion(head, facts);
        completion.survey();
        return completion.write(fields -> sender.isEmpty() || completion.signed || !fields.is("Sender"),
                sender.map(mailbox -> "Sender: " + mailbox + "\r\n").orElse(""));
    }

    /**
     * What relay makes of it: no Return-Path (RFC 5321, section 4.4), nothing that a filter wants to be rid of, nothing added
     * but the empty line where there is none. Trace fields are to be written above it.
     *
     * @param head          the first octets of the mail, the whole header section among them
     * @param removedFields names of fields that a filter wants to be rid of
     */
    public static Completed relayed(byte[] head, List<String> removedFields) {
        HeaderScanner fields = new HeaderScanner(head);
        ByteArrayOutputStream out = new ByteArrayOutputStream(head.length);
        while (fields.nextField()) {
            if (!fields.is("Return-Path") && removedFields.stream().noneMatch(fields::is)) {
                copy(out, head, fields.fieldStart(), fields.fieldEnd());
            }
        }
        out.writeBytes(CRLF);
        return new Completed(fields.end(), out.toByteArray());
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

    private boolean isForged(HeaderScanner fields) {
        return fields.is("Authentication-Results") && facts.hostname()
                .equalsIgnoreCase(AuthenticationResults.server(head, fields.valueStart(), fields.fieldEnd()));
    }

    private Completed write(Predicate<HeaderScanner> kept, String added) {
        HeaderScanner fields = new HeaderScanner(head);
        while (fields.nextField()) {
            if (kept.test(fields) && (signed || !fields.is("Bcc"))) {
                copy(out, head, fields.fieldStart(), fields.fieldEnd());
            }
        }
        if (!signed) {
            missingFields();
            text(added);
        }
        out.writeBytes(CRLF);
        return new Completed(fields.end(), out.toByteArray());
    }

    /** Copies a field; the last line of a head without line end gets one, so that the next field is its own. */
    private static void copy(ByteArrayOutputStream out, byte[] head, int from, int to) {
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
