package org.postbus.delivery.dkim;

import java.util.List;
import java.util.Optional;
import org.postbus.protocol.address.Mailbox;
import org.postbus.protocol.message.AddressFields;

/** Whose signature a mail should bear: that of its author's domain, by which DMARC judges it. */
final class AuthorDomain {

    private AuthorDomain() {
    }

    /** The domain of the only address in From, as A-labels; empty if there are several, none, or it is no domain. */
    static Optional<String> of(byte[] headerSection) {
        List<String> from = AddressFields.of(headerSection).from();
        return from.size() == 1 ? domain(from.getFirst()) : Optional.empty();
    }

    private static Optional<String> domain(String address) {
        try {
            Mailbox author = Mailbox.parse(address);
            return author.isAddressLiteral() ? Optional.empty() : Optional.of(author.canonicalDomain());
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
