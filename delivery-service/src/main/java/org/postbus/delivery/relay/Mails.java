package org.postbus.delivery.relay;

import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.postbus.delivery.queue.Chunks;
import org.postbus.delivery.queue.QueuedRecipient;
import org.postbus.events.Envelope;
import org.postbus.events.NotificationRequest;
import org.postbus.protocol.smtp.client.OutboundMail;
import org.postbus.protocol.smtp.client.OutboundRecipient;

/** Makes of queued mail what a connection needs: the octets, and the envelope of the transaction. */
final class Mails {

    private final Chunks chunks;
    private final Signer signer;

    Mails(Chunks chunks, Signer signer) {
        this.chunks = chunks;
        this.signer = signer;
    }

    MailOctets octets(Transmission transmission) throws IOException, SQLException {
        byte[] first = transmission.octets().isPresent() ? transmission.octets().get()
                : chunks.read(transmission.mail().mailId(), 0).orElseThrow(() -> new IOException("the mail has left the queue"));
        return new MailOctets(transmission.mail(), first, chunks, signer);
    }

    OutboundMail outbound(Transmission transmission, MailOctets octets) {
        Envelope envelope = transmission.mail().envelope();
        List<OutboundRecipient> recipients = transmission.recipients().stream().map(one -> recipient(envelope, one)).toList();
        return new OutboundMail(transmission.reversePath(), recipients, octets.size(), octets.eightBit(), octets.utf8Header(),
                envelope.notifications().flatMap(NotificationRequest::returned),
                envelope.notifications().flatMap(NotificationRequest::envelopeId));
    }

    private static OutboundRecipient recipient(Envelope envelope, QueuedRecipient recipient) {
        Optional<NotificationRequest.Recipient> asked =
                envelope.notifications().flatMap(request -> request.recipient(recipient.originalRecipient()));
        return new OutboundRecipient(recipient.finalRecipient(), asked.flatMap(NotificationRequest.Recipient::notifyOn),
                asked.flatMap(NotificationRequest.Recipient::originalRecipient));
    }
}
