package org.postbus.events;

import java.util.List;
import java.util.UUID;

/** What every envelope must hold, whoever wrote it: it crosses a trust boundary (no control character ever reaches a header or reply). */
final class EnvelopeRules {

    /** Longest path of RFC 5321 section 4.5.3.1.3, without its brackets. */
    private static final int MAX_PATH = 254;
    private static final int MAX_RECIPIENTS = 1000;
    /** Decoded ENVID and ORCPT are no longer than they stand in a command line (RFC 3461 section 4). */
    private static final int MAX_PARAMETER = 500;
    private static final int MAX_REMOVED_FIELDS = 100;

    private EnvelopeRules() {
    }

    static void check(Object envelope, UUID mailId) throws ContractViolation {
        switch (envelope) {
            case Envelope accepted -> accepted(accepted, mailId);
            case RoutedEnvelope routed -> routed(routed, mailId);
            default -> throw new ContractViolation("no envelope: " + envelope.getClass());
        }
    }

    private static void accepted(Envelope envelope, UUID mailId) throws ContractViolation {
        require(envelope != null && mailId.equals(envelope.mailId()), "the envelope is of another mail");
        require(envelope.acceptedAt() != null && envelope.client() != null && envelope.hostname() != null
                && envelope.traceFields() != null && envelope.protocol() != null, "the envelope lacks a field");
        path(envelope.reversePath());
        require(!envelope.forwardPaths().isEmpty(), "no forward-path");
        require(envelope.forwardPaths().size() <= MAX_RECIPIENTS, "too many forward-paths");
        paths(envelope.forwardPaths());
        require(envelope.traceFields().isEmpty() || envelope.traceFields().endsWith("\r\n"), "trace fields do not end in CRLF");
        removedFields(envelope.removedFields());
        if (envelope.notifications().isPresent()) {
            notifications(envelope.notifications().get());
        }
    }

    private static void routed(RoutedEnvelope routed, UUID mailId) throws ContractViolation {
        accepted(routed.accepted(), mailId);
        for (RoutedEnvelope.LocalDelivery delivery : routed.deliveries()) {
            require(delivery.accountId() != null, "a delivery without an account");
            path(delivery.finalRecipient());
            path(delivery.originalRecipient());
        }
        failures(routed.failures());
    }

    private static void notifications(NotificationRequest request) throws ContractViolation {
        require(request.recipients().size() <= MAX_RECIPIENTS, "too many recipients in a request for notifications");
        require(request.envelopeId().stream().allMatch(EnvelopeRules::isParameter), "not an envelope id");
        for (NotificationRequest.Recipient recipient : request.recipients()) {
            path(recipient.forwardPath());
            require(recipient.originalRecipient().stream().allMatch(text -> isParameter(text) && text.indexOf(';') > 0),
                    "not an original recipient");
        }
    }

    static void edits(HeaderEdits edits) throws ContractViolation {
        require(edits.added() != null && (edits.added().isEmpty() || edits.added().endsWith("\r\n")), "fields do not end in CRLF");
        removedFields(edits.removed());
    }

    private static void removedFields(List<String> names) throws ContractViolation {
        require(names.size() <= MAX_REMOVED_FIELDS, "too many fields to remove");
        require(names.stream().allMatch(name -> name.length() <= MAX_PARAMETER && name.chars().allMatch(c -> c > ' ' && c < 127)),
                "not a field name");
    }

    private static boolean isParameter(String text) {
        return text.length() <= MAX_PARAMETER && !hasControl(text);
    }

    static void delivered(List<DeliveredRecipient> recipients) throws ContractViolation {
        for (DeliveredRecipient recipient : recipients) {
            path(recipient.originalRecipient());
            path(recipient.finalRecipient());
        }
    }

    static void failures(List<FailedRecipient> failures) throws ContractViolation {
        for (FailedRecipient failure : failures) {
            path(failure.originalRecipient());
            path(failure.finalRecipient());
            require(failure.status() != null && failure.status().matches("[245]\\.\\d{1,3}\\.\\d{1,3}"), "no status");
            require(failure.diagnosticCode() != null && !hasControl(failure.diagnosticCode()), "no diagnostic-code");
        }
    }

    private static void paths(List<String> paths) throws ContractViolation {
        for (String path : paths) {
            path(path);
        }
    }

    private static void path(String path) throws ContractViolation {
        require(path != null && path.length() <= MAX_PATH && !hasControl(path), "not a path");
    }

    private static boolean hasControl(String text) {
        return text.codePoints().anyMatch(c -> Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE);
    }

    private static void require(boolean holds, String otherwise) throws ContractViolation {
        if (!holds) {
            throw new ContractViolation(otherwise);
        }
    }
}
