package org.postbus.smtpgateway;

import io.vertx.core.Future;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.postbus.events.Envelope;
import org.postbus.events.FaultPoint;
import org.postbus.events.MailIds;
import org.postbus.events.NotificationRequest;
import org.postbus.gateway.ByteBudget;
import org.postbus.protocol.address.ForwardPath;
import org.postbus.protocol.message.TraceFacts;
import org.postbus.protocol.message.TraceFields;
import org.postbus.protocol.smtp.Helo;
import org.postbus.protocol.smtp.MailParameters;
import org.postbus.protocol.smtp.MailTransaction;
import org.postbus.protocol.smtp.Recipient;
import org.postbus.protocol.smtp.Replies;
import org.postbus.protocol.smtp.Reply;
import org.postbus.protocol.tls.Tls;
import org.postbus.smtpgateway.filter.MailFacts;

/** One mail transaction and what has come of it: from MAIL to the reply to its data. */
final class Reception {

    private static final Logger LOG = Logger.getLogger(Reception.class);
    /** Octets of a list of recipients that are not counted; what is longer takes its share of the byte budget. */
    private static final long FREE_LIST = 4 * 1024;

    private final MailIntake intake;
    private final UUID mailId = MailIds.mint();
    private final MailTransaction transaction;
    private Optional<IncomingMail> incoming = Optional.empty();
    private Optional<ByteBudget.Reservation> listMemory = Optional.empty();
    private long listWeight;

    /**
     * What a mail's session tells about it.
     *
     * @param relaying whether it may go to domains that are not ours
     */
    record Origin(UUID sessionId, InetAddress client, Optional<Helo> helo, String protocol, Optional<Tls> tls,
            Optional<Login> login, boolean relaying, String hostname) {

        /** For people: how it came, and from whom. */
        String detail() {
            return protocol + tls.map(agreed -> " " + agreed).orElse("") + login.map(who -> ", by " + who.address()).orElse("");
        }
    }

    Reception(MailIntake intake, MailTransaction transaction) {
        this.intake = intake;
        this.transaction = transaction;
    }

    UUID mailId() {
        return mailId;
    }

    String reversePath() {
        return transaction.reversePath().text();
    }

    /** Whether there is memory to remember one recipient more. A list of usual length costs nothing. */
    boolean roomFor(Recipient recipient) {
        listWeight += recipient.weight();
        if (listWeight <= FREE_LIST) {
            return true;
        }
        if (listMemory.isEmpty()) {
            listMemory = intake.room(FREE_LIST);
            return listMemory.isPresent();
        }
        long held = listMemory.get().octets();
        return listWeight <= FREE_LIST + held || listMemory.get().tryGrow(held);
    }

    /** Whether mail data may come. */
    Reply startData(Origin origin) {
        incoming = intake.begin(envelope(origin), transaction.parameters().declaredSize(), origin.login(), () -> facts(origin));
        return incoming.isPresent() ? Replies.START_DATA : Replies.NO_SPACE;
    }

    /** The next call waits for this one's future, which fails with {@link MailRefused}. */
    Future<Void> take(byte[] octets, int offset, int length) {
        return incoming.orElseThrow().take(octets, offset, length);
    }

    /** All data is here: the reply, once the mail is safe or is not. Never fails. */
    Future<Reply> accept(Origin origin) {
        IncomingMail mail = incoming.orElseThrow();
        long finalDot = System.nanoTime();
        FaultPoint.SMTP_DOT.reached();
        return mail.finish().onComplete(ignored -> forgetList()).map(ignored -> {
            FaultPoint.SMTP_ACKNOWLEDGED.reached();
            Reply reply = Replies.accepted(mailId.toString());
            intake.accepted(mail, origin, Duration.ofNanos(System.nanoTime() - finalDot), reply);
            return reply;
        }).otherwise(Reception::reply);
    }

    /** What the client is told of a failure. */
    static Reply reply(Throwable failure) {
        if (failure instanceof MailRefused refused) {
            return refused.reply();
        }
        LOG.error("A mail failed without a known reason", failure);
        return Replies.NOT_STORED;
    }

    /** Gives the memory back. */
    void abandon() {
        incoming.ifPresent(IncomingMail::abandon);
        incoming = Optional.empty();
        forgetList();
    }

    private void forgetList() {
        listMemory.ifPresent(ByteBudget.Reservation::close);
        listMemory = Optional.empty();
    }

    /** UTF8SMTP, UTF8SMTPSA, … (RFC 6531, section 4.3). */
    private String protocol(Origin origin) {
        return transaction.parameters().smtpUtf8() ? origin.protocol().replaceFirst("^E?SMTP", "UTF8SMTP") : origin.protocol();
    }

    private Envelope envelope(Origin origin) {
        List<ForwardPath> recipients = transaction.recipients().stream().map(Recipient::forwardPath).toList();
        Optional<ForwardPath> only = recipients.size() == 1 ? Optional.of(recipients.getFirst()) : Optional.empty();
        Instant now = Instant.now();
        String traceFields = TraceFields.of(new TraceFacts(origin.helo().map(Helo::name), origin.client(), origin.hostname(),
                protocol(origin), origin.tls(), mailId.toString(), only, now));
        return new Envelope(mailId, reversePath(), recipients.stream().map(ForwardPath::text).toList(),
                transaction.parameters().eightBit() ? "8BITMIME" : "7BIT",
                new Envelope.Client(origin.client().getHostAddress(), origin.helo().map(Helo::name).orElse("")),
                protocol(origin), origin.hostname(), now, intake.directoryOffset(), traceFields, notifications(), List.of(),
                origin.relaying());
    }

    private Optional<NotificationRequest> notifications() {
        MailParameters parameters = transaction.parameters();
        List<NotificationRequest.Recipient> asked = transaction.recipients().stream()
                .filter(recipient -> recipient.notifyOn().isPresent() || recipient.originalRecipient().isPresent())
                .map(recipient -> new NotificationRequest.Recipient(recipient.forwardPath().text(), recipient.notifyOn(),
                        recipient.originalRecipient())).toList();
        boolean nothing = asked.isEmpty() && parameters.envelopeId().isEmpty() && parameters.returned().isEmpty();
        return nothing ? Optional.empty()
                : Optional.of(new NotificationRequest(parameters.envelopeId(), parameters.returned(), asked));
    }

    private MailFacts facts(Origin origin) {
        return new MailFacts(mailId.toString(), origin.client(), origin.helo().map(Helo::name), origin.login().map(Login::address),
                origin.tls(), reversePath(), transaction.recipients().stream().map(one -> one.forwardPath().text()).toList(),
                origin.hostname());
    }
}
