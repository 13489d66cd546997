package org.postbus.smtpgateway;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Optional;
import org.postbus.events.FaultPoint;
import org.postbus.protocol.sasl.Credentials;
import org.postbus.protocol.smtp.Replies;
import org.postbus.protocol.smtp.Reply;

/** The logins of one session: who it is by now, and how long the next wrong guess has to wait for its answer. */
final class LoginAttempts {

    private final Vertx vertx;
    private final Optional<Logins> logins;
    private Duration delay;
    private Optional<Login> login = Optional.empty();

    /**
     * @param logins empty where nobody can log in
     * @param delay  after the first refusal; doubles with each further one
     */
    LoginAttempts(Vertx vertx, Optional<Logins> logins, Duration delay) {
        this.vertx = vertx;
        this.logins = logins;
        this.delay = delay;
    }

    /** Who the session is; empty until a login succeeded. */
    Optional<Login> login() {
        return login;
    }

    /** The session begins anew under TLS. Its failures still count. */
    void forget() {
        login = Optional.empty();
    }

    /** Never fails. */
    Future<Reply> judge(Credentials offered, String clientAddress) {
        return logins.map(judge -> judge.judge(offered, clientAddress).compose(this::reply))
                .orElseGet(() -> Future.succeededFuture(Replies.CANNOT_JUDGE));
    }

    private Future<Reply> reply(Logins.Verdict verdict) {
        return switch (verdict) {
            case Logins.Verdict.Accepted(var who) -> {
                login = Optional.of(who);
                FaultPoint.SMTP_LOGGED_IN.reached();
                yield Future.succeededFuture(Replies.LOGGED_IN);
            }
            case Logins.Verdict.Refused _ -> refuse(Replies.CREDENTIALS_INVALID);
            case Logins.Verdict.TooMany _ -> refuse(Replies.TOO_MANY_GUESSES);
            case Logins.Verdict.Unknown _ -> Future.succeededFuture(Replies.CANNOT_JUDGE);
        };
    }

    private Future<Reply> refuse(Reply reply) {
        Promise<Reply> late = Promise.promise();
        vertx.setTimer(Math.max(1, delay.toMillis()), ignored -> late.complete(reply));
        delay = delay.multipliedBy(2);
        return late.future();
    }
}
