package org.postbus.mailbox.filing;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import org.postbus.events.ContractViolation;
import org.postbus.events.MailCodec;
import org.postbus.events.MailRecord;
import org.postbus.events.RoutedEnvelope;
import org.postbus.mailbox.content.HeaderSummary;
import org.postbus.mailbox.content.StoredMail;
import org.postbus.protocol.message.Completed;

/** Closes large mails: what was parked becomes a stored mail, if it is what the closing record says. */
final class LargeMails {

    private LargeMails() {
    }

    /**
     * @return the decision, or empty if the mail was decided before
     * @throws ContractViolation the mail is not parked, or what is parked is not what was sent
     */
    static Optional<Decision> close(Connection connection, MailRecord.Closing<RoutedEnvelope> closing)
            throws ContractViolation, SQLException {
        return switch (ParkedMail.find(connection, closing.mailId())) {
            case ParkedMail.Decided() -> Optional.empty();
            case ParkedMail.Unknown() -> throw new ContractViolation("the closing record of a mail that is not parked");
            case ParkedMail.Waiting(byte[] envelope) -> Optional.of(close(connection, closing, envelope));
        };
    }

    private static Decision close(Connection connection, MailRecord.Closing<RoutedEnvelope> closing, byte[] envelopeJson)
            throws ContractViolation, SQLException {
        RoutedEnvelope envelope = MailCodec.ROUTED.envelope(envelopeJson, closing.mailId());
        ParkedMail.verify(connection, closing);
        byte[] clientsHead = ParkedMail.head(connection, closing.mailId());
        Completed completed = StoredForm.complete(envelope.accepted().with(closing.edits()), clientsHead);
        byte[] head = StoredForm.head(completed, clientsHead);
        long octets = closing.octets() - clientsHead.length + head.length;
        StoredMail mail = new StoredMail(closing.mailId(), completed.replacement(), octets,
                StoredForm.isInternational(envelope.accepted(), completed), closing.chunks(), Optional.empty());
        ParkedMail.file(connection, mail, HeaderSummary.of(mail.headerSection()), head);
        return new Decision(envelope, mail);
    }
}
