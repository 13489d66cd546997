package org.postbus.mailbox.filing;

import java.util.Optional;
import org.postbus.events.ContractViolation;
import org.postbus.events.Envelope;
import org.postbus.mailbox.content.StoredMail;
import org.postbus.protocol.address.AddressSyntaxException;
import org.postbus.protocol.address.ReversePath;
import org.postbus.protocol.message.Completed;
import org.postbus.protocol.message.CompletionFacts;
import org.postbus.protocol.message.HeaderCompletion;

/** What final delivery makes of the client's octets: Return-Path, trace fields, the completed header section, the body. */
final class StoredForm {

    private StoredForm() {
    }

    /** The stored form of a mail in one piece. */
    static StoredMail whole(Envelope envelope, byte[] data) throws ContractViolation {
        Completed completed = complete(envelope, data);
        byte[] octets = head(completed, data);
        return new StoredMail(envelope.mailId(), completed.replacement(), octets.length, isInternational(envelope, completed), 1,
                Optional.of(octets));
    }

    /** Whether it has header fields that are not ASCII, and came over a transport that knew (RFC 6531, section 4.3). */
    static boolean isInternational(Envelope envelope, Completed completed) {
        return envelope.protocol().startsWith("UTF8") && !isAscii(completed.replacement());
    }

    private static boolean isAscii(byte[] octets) {
        for (byte octet : octets) {
            if (octet < 0) {
                return false;
            }
        }
        return true;
    }

    /** @throws ContractViolation the envelope has no reverse-path that could stand in a Return-Path field */
    static Completed complete(Envelope envelope, byte[] head) throws ContractViolation {
        return HeaderCompletion.complete(head, new CompletionFacts(envelope.mailId().toString(), envelope.hostname(),
                envelope.acceptedAt(), reversePath(envelope), envelope.traceFields(), envelope.removedFields()));
    }

    /** The first octets of the stored mail in place of the client's. */
    static byte[] head(Completed completed, byte[] clientsHead) {
        byte[] replacement = completed.replacement();
        int rest = clientsHead.length - completed.consumed();
        byte[] head = new byte[replacement.length + rest];
        System.arraycopy(replacement, 0, head, 0, replacement.length);
        System.arraycopy(clientsHead, completed.consumed(), head, replacement.length, rest);
        return head;
    }

    private static ReversePath reversePath(Envelope envelope) throws ContractViolation {
        try {
            return ReversePath.parse(envelope.reversePath());
        } catch (AddressSyntaxException e) {
            throw new ContractViolation("not a reverse-path: " + e.getMessage(), e);
        }
    }
}
