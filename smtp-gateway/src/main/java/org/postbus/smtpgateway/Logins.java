package org.postbus.smtpgateway;

import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.postbus.gateway.InternalApiClient;
import org.postbus.gateway.InternalApiClient.Answer;
import org.postbus.protocol.sasl.Credentials;

/** Asks mailbox-service whose name and password these are. To be called on an event loop; completes there. */
final class Logins {

    private static final Logger LOG = Logger.getLogger(Logins.class);
    private static final String CREDENTIALS = "/internal/v1/credentials";
    /** A password may wait 5 s for its turn to be hashed. */
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(15);

    private final InternalApiClient mailbox;
    private final Optional<String> defaultDomain;

    /** @param defaultDomain of a login name that has none */
    Logins(InternalApiClient mailbox, Optional<String> defaultDomain) {
        this.mailbox = mailbox;
        this.defaultDomain = defaultDomain;
    }

    /** What mailbox-service says. */
    sealed interface Verdict {
        record Accepted(Login login) implements Verdict {}

        record Refused() implements Verdict {}

        /** There were too many wrong passwords: none is judged now. */
        record TooMany() implements Verdict {}

        /** Nobody can tell now. */
        record Unknown() implements Verdict {}
    }

    /** Never fails. */
    Future<Verdict> judge(Credentials offered, String clientAddress) {
        JsonObject request = new JsonObject().put("name", address(offered.name())).put("password", offered.password())
                .put("clientAddress", clientAddress);
        return mailbox.ask(HttpMethod.POST, CREDENTIALS, request.toBuffer(), ANSWER_WITHIN).map(Logins::verdict)
                .otherwise(unreachable -> {
                    LOG.warnf("nobody can log in: %s", unreachable.getMessage());
                    return new Verdict.Unknown();
                });
    }

    private static Verdict verdict(Answer answer) {
        return switch (answer.status()) {
            case 200 -> {
                JsonObject identity = answer.body().toJsonObject();
                yield new Verdict.Accepted(new Login(UUID.fromString(identity.getString("accountId")), identity.getString("address")));
            }
            // What cannot even be a name or a password is refused as malformed.
            case 400, 401, 422 -> new Verdict.Refused();
            case 429 -> new Verdict.TooMany();
            default -> new Verdict.Unknown();
        };
    }

    private String address(String name) {
        return name.contains("@") ? name : defaultDomain.map(domain -> name + "@" + domain).orElse(name);
    }
}
