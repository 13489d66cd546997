package org.postbus.smtpgateway;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.postbus.events.directory.DirectoryView;
import org.postbus.events.directory.Resolution;
import org.postbus.events.directory.Resolution.Leaf;
import org.postbus.events.directory.Resolver;
import org.postbus.events.directory.Srs;
import org.postbus.protocol.address.ForwardPath;
import org.postbus.protocol.address.Mailbox;
import org.postbus.protocol.address.ReversePath;
import org.postbus.protocol.smtp.Replies;
import org.postbus.protocol.smtp.Reply;

/**
 * Judges paths by the directory view. A positive answer comes at once; a refusal only after the view has
 * confirmed that nothing newer is known, since an address made a moment ago must not bounce.
 */
final class RecipientJudge {

    private final Vertx vertx;
    private final DirectoryView directory;
    private final Resolver resolver;

    RecipientJudge(Vertx vertx, DirectoryView directory, Optional<Srs> srs) {
        this.vertx = vertx;
        this.directory = directory;
        this.resolver = new Resolver(directory, srs);
    }

    /**
     * To be called on a Vert.x context; completes there, and never fails.
     *
     * @param relaying whether the client may send to domains that are not ours; they have to be full ones (RFC 6409, section 4.2)
     */
    Future<Reply> judge(ForwardPath path, boolean relaying) {
        Reply verdict = verdict(path, relaying);
        return verdict.isPositive() ? Future.succeededFuture(verdict) : confirmed(() -> verdict(path, relaying), Replies.CANNOT_VERIFY);
    }

    private Resolution resolve(ForwardPath path) {
        return switch (path) {
            case ForwardPath.Postmaster _ -> resolver.resolve("postmaster");
            case ForwardPath.Of(var mailbox) -> resolver.resolve(mailbox);
        };
    }

    /** @param elsewhere whether a domain that is not ours will do */
    private static boolean accepted(Resolution resolution, boolean elsewhere) {
        return resolution.deliverable() || elsewhere && resolution.leaves().getFirst() instanceof Leaf.Remote;
    }

    /** Whether its domain can be one of the DNS. To a host by its address nothing is relayed: it could be one behind us. */
    private static boolean isRelayable(Mailbox mailbox) {
        String topLevel = mailbox.canonicalDomain().substring(mailbox.canonicalDomain().lastIndexOf('.') + 1);
        return !mailbox.isAddressLiteral() && !topLevel.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    /** Whether the account may send mail under the reverse-path. To be called on a Vert.x context; completes there, and never fails. */
    Future<Reply> judge(UUID account, ReversePath path) {
        return owns(account, path) ? Future.succeededFuture(Replies.MAIL_OK)
                : confirmed(() -> owns(account, path) ? Replies.MAIL_OK : Replies.NOT_OWNED, Replies.CANNOT_VERIFY_SENDER);
    }

    /** Whether mail for the reverse-path ends, among others, at the account. The null reverse-path is everybody's. */
    private boolean owns(UUID account, ReversePath path) {
        return switch (path) {
            case ReversePath.None _ -> true;
            case ReversePath.Of(var mailbox) -> owns(account, mailbox);
        };
    }

    /** Whether mail for the mailbox ends, among others, at the account. */
    boolean owns(UUID account, Mailbox mailbox) {
        return resolver.resolve(mailbox.canonical()).leaves().stream()
                .anyMatch(leaf -> leaf instanceof Leaf.Maildrop(var _, var id) && id.equals(account));
    }

    /** Whether its domain is a full one: has two labels, is an address literal, or one of ours after all. */
    boolean isQualified(Mailbox mailbox) {
        return mailbox.isAddressLiteral() || mailbox.domain().indexOf('.') > 0
                || directory.domain(mailbox.canonicalDomain()).isPresent();
    }

    private Future<Reply> confirmed(Supplier<Reply> verdict, Reply unsure) {
        Context context = vertx.getOrCreateContext();
        Promise<Reply> answer = Promise.promise();
        directory.confirmAtEnd().whenComplete((done, unconfirmed) -> context.runOnContext(ignored ->
                answer.complete(unconfirmed == null ? sure(verdict.get(), unsure) : unsure)));
        return answer.future();
    }

    /** Beside a Kafka that has lost its topics all names are strange until they are published anew: ours must not be refused for good. */
    private Reply sure(Reply verdict, Reply unsure) {
        return verdict.isPositive() || directory.isComplete() && !directory.isEmpty() ? verdict : unsure;
    }

    private Reply verdict(ForwardPath path, boolean relaying) {
        if (relaying && path instanceof ForwardPath.Of(var mailbox) && !isQualified(mailbox)) {
            return Replies.NOT_QUALIFIED;
        }
        Resolution resolution = resolve(path);
        if (accepted(resolution, relaying && path instanceof ForwardPath.Of(var mailbox) && isRelayable(mailbox))) {
            return Replies.RECIPIENT_OK;
        }
        List<Reply> refusals = resolution.leaves().stream().map(RecipientJudge::refusal).toList();
        // Where one way may open later, the client should try again.
        return refusals.stream().filter(reply -> reply.code() < 500).findFirst().orElse(refusals.getFirst());
    }

    private static Reply refusal(Leaf leaf) {
        return switch (leaf) {
            case Leaf.Maildrop _, Leaf.Forwarded _ -> Replies.RECIPIENT_OK;
            case Leaf.Disabled _ -> Replies.DISABLED_RECIPIENT;
            case Leaf.Unknown _ -> Replies.UNKNOWN_RECIPIENT;
            case Leaf.Remote _ -> Replies.RELAY_DENIED;
            case Leaf.NoPostmaster _ -> Replies.CANNOT_VERIFY;
            case Leaf.Loop _ -> Replies.ALIAS_LOOP;
        };
    }
}
