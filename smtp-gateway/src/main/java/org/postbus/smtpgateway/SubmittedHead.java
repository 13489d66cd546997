package org.postbus.smtpgateway;

import java.util.List;
import java.util.Optional;
import org.postbus.protocol.address.AddressSyntaxException;
import org.postbus.protocol.address.Mailbox;
import org.postbus.protocol.message.AddressFields;
import org.postbus.protocol.message.Completed;
import org.postbus.protocol.message.CompletionFacts;
import org.postbus.protocol.message.HeaderCompletion;
import org.postbus.protocol.message.HeaderMeter;
import org.postbus.protocol.smtp.Replies;

/**
 * Makes the header section of a submitted mail fit to leave the house (RFC 6409): Date, Message-ID, From, and a Sender that
 * tells the account where From does not; addresses in it have to be fully qualified (section 4.2), since it is changed here.
 */
final class SubmittedHead {

    /** Octets that completion adds, at most: four fields, of which two bear an address, one the time, one a name. */
    static final int MAX_ADDED = 4 * 1024;

    private final RecipientJudge addresses;
    private final Login login;
    private final CompletionFacts facts;

    SubmittedHead(RecipientJudge addresses, Login login, CompletionFacts facts) {
        this.addresses = addresses;
        this.login = login;
        this.facts = facts;
    }

    /**
     * The mail, or its first chunk, completed.
     *
     * @param all whether that is the whole mail; else the header section has to end in it
     */
    byte[] complete(byte[] head, boolean all) throws MailRefused {
        if (!all && !headerEnds(head)) {
            throw new MailRefused(Replies.HEADER_TOO_LARGE);
        }
        AddressFields fields = AddressFields.of(head);
        if (!fields.signed()) {
            requireQualified(fields.from());
            requireQualified(fields.sender());
            requireQualified(fields.others());
        }
        Completed completed = HeaderCompletion.submitted(head, facts, sender(fields));
        byte[] replacement = completed.replacement();
        byte[] result = new byte[replacement.length + head.length - completed.consumed()];
        System.arraycopy(replacement, 0, result, 0, replacement.length);
        System.arraycopy(head, completed.consumed(), result, replacement.length, head.length - completed.consumed());
        return result;
    }

    /** Empty where From, or Sender, tells who sent it: by one address, and that of the account. */
    private Optional<Mailbox> sender(AddressFields fields) {
        List<String> told = fields.sender().isEmpty() ? fields.from() : fields.sender();
        // Without any, From becomes the reverse-path, which is the account's.
        boolean right = told.isEmpty() || told.size() == 1
                && parsed(told.getFirst()).filter(one -> addresses.owns(login.accountId(), one)).isPresent();
        return right ? Optional.empty() : Optional.of(Mailbox.parse(login.address()));
    }

    private void requireQualified(List<String> written) throws MailRefused {
        for (String address : written) {
            Optional<Mailbox> mailbox = parsed(address);
            if (mailbox.isPresent() && !addresses.isQualified(mailbox.get())) {
                throw new MailRefused(Replies.HEADER_NOT_QUALIFIED);
            }
        }
    }

    private static Optional<Mailbox> parsed(String address) {
        try {
            return Optional.of(Mailbox.parse(address));
        } catch (AddressSyntaxException e) {
            return Optional.empty();
        }
    }

    private static boolean headerEnds(byte[] head) {
        HeaderMeter meter = new HeaderMeter();
        meter.update(head, 0, head.length);
        return meter.ended();
    }
}
