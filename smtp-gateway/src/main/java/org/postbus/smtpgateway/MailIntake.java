package org.postbus.smtpgateway;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jboss.logging.MDC;
import org.postbus.events.Envelope;
import org.postbus.events.Topics;
import org.postbus.events.directory.DirectoryView;
import org.postbus.events.directory.Srs;
import org.postbus.gateway.ByteBudget;
import org.postbus.gateway.Connection;
import org.postbus.gateway.EventSender;
import org.postbus.gateway.Rates;
import org.postbus.protocol.address.ForwardPath;
import org.postbus.protocol.address.ReversePath;
import org.postbus.protocol.message.CompletionFacts;
import org.postbus.protocol.smtp.Replies;
import org.postbus.protocol.smtp.Reply;
import org.postbus.smtpgateway.filter.ContentFilter;
import org.postbus.smtpgateway.filter.MailFacts;

/** Decides for all sessions of the gateway whether a mail, a recipient, and mail data may come in. */
final class MailIntake {

    private static final Logger LOG = Logger.getLogger(MailIntake.class);

    /** Names this service in events. */
    static final String SOURCE = "smtp-gateway";

    private final Vertx vertx;
    private final EventSender sender;
    private final DirectoryView directory;
    private final RecipientJudge recipients;
    private final RelayNetworks relayNetworks;
    private final ByteBudget budget;
    private final BooleanSupplier topicsVerified;
    private final BooleanSupplier diskIsLow;
    private final Optional<ContentFilter> filter;
    private final Rates mails;
    private final Rates recipientsNamed;
    private final SmtpTrail trail;
    private final SmtpMetrics metrics;

    MailIntake(Vertx vertx, SmtpConfig config, EventSender sender, DirectoryView directory, Optional<Srs> srs,
            ByteBudget budget, BooleanSupplier topicsVerified, BooleanSupplier diskIsLow, Optional<ContentFilter> filter,
            SmtpTrail trail, SmtpMetrics metrics) {
        this.mails = new Rates(config.maxMailsPerMinute());
        this.recipientsNamed = new Rates(config.maxRecipientsPerMinute());
        this.vertx = vertx;
        this.sender = sender;
        this.directory = directory;
        this.recipients = new RecipientJudge(vertx, directory, srs);
        this.relayNetworks = RelayNetworks.of(config);
        this.budget = budget;
        this.topicsVerified = topicsVerified;
        this.diskIsLow = diskIsLow;
        this.filter = filter;
        this.trail = trail;
        this.metrics = metrics;
    }

    SmtpTrail trail() {
        return trail;
    }

    SmtpMetrics metrics() {
        return metrics;
    }

    /**
     * Whether a mail may begin: better refused here than after its data. Never fails.
     *
     * @param login who the session is; an account may use its own address and those that lead to it
     */
    Future<Reply> admit(ReversePath reversePath, Optional<Login> login, Connection client) {
        if (!client.peerIsLoopback() && !mails.take(client.source())) {
            return Future.succeededFuture(Replies.TOO_FAST);
        }
        if (!sender.available() || !directory.loaded().isDone() || !topicsVerified.getAsBoolean()) {
            return Future.succeededFuture(Replies.NOT_STORED);
        }
        Future<Reply> judged = login.map(who -> recipients.judge(who.accountId(), reversePath))
                .orElse(Future.succeededFuture(Replies.MAIL_OK));
        return judged.map(reply -> reply.isPositive() && diskIsLow.getAsBoolean() ? Replies.NO_SPACE : reply);
    }

    Future<Reply> judge(ForwardPath recipient, Optional<Login> login, Connection client) {
        if (!client.peerIsLoopback() && !recipientsNamed.take(client.source())) {
            return Future.succeededFuture(Replies.TOO_FAST);
        }
        return recipients.judge(recipient, relays(login, client));
    }

    /** Whether the client may send to domains that are not ours: whoever logged in, and the relay networks. */
    boolean relays(Optional<Login> login, Connection client) {
        return login.isPresent() || relayNetworks.contains(client.peer());
    }

    /** How far the directory view has read that judged the recipients. */
    long directoryOffset() {
        return directory.offset();
    }

    /** Memory for a long list of recipients; empty where there is none. */
    Optional<ByteBudget.Reservation> room(long octets) {
        return budget.reserve(octets);
    }

    /**
     * Begins to take mail data; empty where there is no memory for it.
     *
     * @param declaredSize what the client announced, if it did; believed for the first octets only
     * @param login        who submits it; empty for mail from elsewhere
     */
    Optional<IncomingMail> begin(Envelope envelope, OptionalLong declaredSize, Optional<Login> login, Supplier<MailFacts> facts) {
        OptionalInt partitions = sender.partitions(Topics.MAIL_ACCEPTED);
        if (partitions.isEmpty()) {
            return Optional.empty();
        }
        long first = Math.clamp(declaredSize.orElse(IncomingMail.FIRST_OCTETS), 1024, Topics.CHUNK_OCTETS);
        int partition = Topics.partition(envelope.mailId().toString(), partitions.getAsInt());
        return budget.reserve(first).map(reservation -> new IncomingMail(vertx, sender, envelope, partition, reservation,
                login.map(who -> new SubmittedHead(recipients, who, completionFacts(envelope))),
                filter.map(used -> used.begin(facts.get()))));
    }

    private static CompletionFacts completionFacts(Envelope envelope) {
        return new CompletionFacts(envelope.mailId().toString(), envelope.hostname(), envelope.acceptedAt(),
                ReversePath.parse(envelope.reversePath()), "", List.of());
    }

    /** Tells everybody but the client that a mail is in Kafka. */
    void accepted(IncomingMail mail, Reception.Origin origin, Duration sinceFinalDot, Reply reply) {
        Envelope envelope = mail.envelope();
        MDC.put("mailId", envelope.mailId().toString());
        LOG.infof("Accepted %s, %d octets, %d recipients, from %s", envelope.mailId(), mail.octets(),
                envelope.forwardPaths().size(), envelope.client().address());
        MDC.remove("mailId");
        trail.accepted(envelope, origin, mail.octets(), reply);
        metrics.accepted(mail.octets(), sinceFinalDot);
    }
}
