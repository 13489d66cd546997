package org.postbus.delivery.relay;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jboss.logging.Logger;
import org.postbus.delivery.nexthop.Host;
import org.postbus.delivery.queue.Attempt;
import org.postbus.delivery.queue.Outcome.Word;
import org.postbus.delivery.queue.QueuedRecipient;
import org.postbus.delivery.relay.Connecting.Connected;
import org.postbus.delivery.relay.Judgement.Answer;
import org.postbus.delivery.relay.SmtpConnection.Broken;
import org.postbus.delivery.relay.SmtpConnection.Sent;
import org.postbus.events.FaultPoint;
import org.postbus.protocol.smtp.client.Failure;
import org.postbus.protocol.smtp.client.Outcome;

/**
 * One session with a destination: takes what waits for it, one mail after the other, over one connection as long as that is good
 * for it. Ends when nothing waits. One virtual thread.
 */
final class Session {

    private static final Logger LOG = Logger.getLogger(Session.class);

    /** How long a connection is kept for a mail that may come. */
    private static final Duration IDLE = Duration.ofSeconds(2);
    /** Mails over one connection: then a new one, perhaps to another host. */
    private static final int MAX_MAILS = 100;

    private final Destination destination;
    private final SessionPermits.Permit permit;
    private final Consumer<Destination> another;
    private final Connecting connecting;
    private final Mails mails;
    private final Judgement judgement;
    private final Recorder recorder;
    private final Predicate<UUID> standing;
    private final InstantSource clock;
    private final Breaker breaker = new Breaker();
    private Optional<SmtpConnection> connection = Optional.empty();
    private int sent;

    /**
     * What all sessions work with.
     *
     * @param standing whether mail may still be sent under a claim
     */
    record Tools(Connecting connecting, Mails mails, Judgement judgement, Recorder recorder, Predicate<UUID> standing,
            InstantSource clock) {
    }

    /** @param another starts one more session with the destination */
    Session(Destination destination, SessionPermits.Permit permit, Consumer<Destination> another, Tools tools) {
        this.destination = destination;
        this.permit = permit;
        this.another = another;
        this.connecting = tools.connecting();
        this.mails = tools.mails();
        this.judgement = tools.judgement();
        this.recorder = tools.recorder();
        this.standing = tools.standing();
        this.clock = tools.clock();
    }

    void run() throws InterruptedException {
        boolean counted = false;
        try {
            Optional<Transmission> next = destination.next(patience());
            while (next.isPresent()) {
                // Of those that success has earned, nobody else starts any.
                while (destination.needsSession()) {
                    another.accept(destination);
                }
                try {
                    relay(next.get());
                } finally {
                    destination.done(next.get());
                }
                if (!permit.becomes(destination.suspect(clock.instant()))) {
                    return;
                }
                TimeUnit.NANOSECONDS.sleep(destination.pause().toNanos());
                next = destination.next(patience());
            }
            counted = true;
        } finally {
            connection.ifPresent(SmtpConnection::quit);
            drop();
            if (!counted) {
                destination.ended();
            }
        }
    }

    /** Ends what is being sent, from another thread; nothing more is begun. */
    void abort() {
        breaker.breakOff();
    }

    /** Without a connection that would be of use to the next mail there is nothing to wait with. */
    private Duration patience() {
        return connection.isPresent() ? IDLE : Duration.ZERO;
    }

    private void relay(Transmission transmission) throws InterruptedException {
        recorder.awaitKeepingUp();
        if (!mayGo(transmission)) {
            recorder.forget(transmission);
            return;
        }
        Optional<Attempt> attempt;
        long begun = System.nanoTime();
        try {
            attempt = attempt(transmission, new LinkedHashMap<>());
        } catch (IOException | SQLException e) {
            // A fault of ours, of seconds perhaps: nothing is judged by it, and the claim goes back unattempted.
            LOG.warnf("mail %s cannot be read just now: %s", transmission.mail().mailId(), e.getMessage());
            recorder.forget(transmission);
            return;
        } catch (RuntimeException e) {
            LOG.errorf(e, "mail %s: an attempt failed in a way that nobody has thought of", transmission.mail().mailId());
            attempt = Optional.of(judgement.all(transmission, new Answer.NotNow(Word.own("4.3.0", "a fault of this server"), false), ""));
            drop();
        } catch (Error e) {
            recorder.forget(transmission);
            throw e;
        }
        if (attempt.isPresent()) {
            destination.finished(clock.instant(), transmission.size(), Duration.ofNanos(System.nanoTime() - begun));
            recorder.record(transmission, attempt.get());
        }
    }

    /** Not when the claim is lost, or all is to end: then somebody else sends it, perhaps at this moment. */
    private boolean mayGo(Transmission transmission) {
        return standing.test(transmission.claim()) && !breaker.isBroken();
    }

    /** Nothing came of it, and whoever claims it next begins anew. */
    private Optional<Attempt> leave(Transmission transmission) {
        recorder.forget(transmission);
        return Optional.empty();
    }

    /**
     * Tries the hosts one after the other until one has an answer about the mail (RFC 5321, section 5.1).
     *
     * @param tried hosts, in order, and what came of the mail there
     * @return empty where the mail went back into the line, or is not to be sent any more
     */
    private Optional<Attempt> attempt(Transmission transmission, SequencedMap<Host, Attempt> tried) throws IOException, SQLException {
        if (connection.isPresent() && (sent >= MAX_MAILS || !connection.get().usable())) {
            connection.get().quit();
            drop();
        }
        boolean used = connection.isPresent();
        if (!used) {
            if (!mayGo(transmission)) {
                return leave(transmission);
            }
            switch (connect(transmission, tried.keySet())) {
                case Connected.To(var fresh) -> {
                    connection = Optional.of(fresh);
                    destination.reached();
                    sent = 0;
                }
                case Connected.Never(var word) -> {
                    destination.reached();
                    return Optional.of(judgement.all(transmission, new Answer.Refused(word), ""));
                }
                case Connected.NotNow _ when breaker.isBroken() -> {
                    return leave(transmission);
                }
                case Connected.NotNow _ when !tried.isEmpty() -> {
                    return Optional.of(tried.lastEntry().getValue());
                }
                case Connected.NotNow _ when destination.takesNoMore(transmission) -> {
                    return Optional.empty();
                }
                case Connected.NotNow(var word, var throttled) -> {
                    return Optional.of(unreachable(transmission, word, throttled));
                }
            }
        }
        MailOctets octets = mails.octets(transmission);
        // Connecting may have taken minutes.
        if (!mayGo(transmission)) {
            return leave(transmission);
        }
        try {
            Sent answer = send(transmission, octets);
            if (used && answer.wasOver()) {
                drop();
                // The remote was tired of an old connection, which says nothing about this mail.
                return attempt(transmission, tried);
            }
            if (answer.isNoAnswer() && breaker.isBroken()) {
                return leave(transmission);
            }
            Attempt judged = judged(transmission, octets, answer);
            if (answer.isNoAnswer()) {
                tried.put(connection.orElseThrow().host(), judged);
                drop();
                return attempt(transmission, tried);
            }
            return Optional.of(judged);
        } catch (Broken e) {
            if (breaker.isBroken()) {
                return leave(transmission);
            }
            Word word = word(e.failure());
            drop();
            return Optional.of(judgement.each(transmission, recipient -> new Answer.NotNow(word, true), Optional.of(octets.first()), ""));
        }
    }

    private Connected connect(Transmission transmission, Set<Host> without) {
        boolean connected = false;
        destination.connects();
        try {
            Connected came = connecting.connect(transmission.destination(), without, breaker);
            connected = came instanceof Connected.To;
            return came;
        } finally {
            if (!connected) {
                destination.disconnected();
            }
        }
    }

    private Attempt unreachable(Transmission transmission, Word word, boolean throttled) {
        if (throttled) {
            destination.throttled();
        }
        List<Transmission> others = destination.unreachable(word, clock.instant());
        others.forEach(one -> recorder.record(one, judgement.all(one, new Answer.NotTried(word), "not tried: its destination cannot be reached")));
        return judgement.all(transmission, new Answer.NotNow(word, transmission.recipients().getFirst().attempts() == 0), "");
    }

    private Sent send(Transmission transmission, MailOctets octets) throws IOException, Broken {
        try (var stream = octets.open()) {
            Sent answer = connection.orElseThrow().send(mails.outbound(transmission, octets), stream);
            FaultPoint.RELAY_ANSWERED.reached();
            sent++;
            return answer;
        }
    }

    private Attempt judged(Transmission transmission, MailOctets octets, Sent answer) {
        learn(answer);
        Map<String, Answer> answers = new HashMap<>();
        answer.outcomes().forEach(outcome -> answers.put(outcome.recipient().forwardPath(), answer(outcome, answer.remoteTells())));
        SmtpConnection over = connection.orElseThrow();
        return judgement.each(transmission, recipient -> answers.get(recipient.finalRecipient()), Optional.of(octets.first()),
                over.host() + ", " + over.protection());
    }

    private void learn(Sent answer) {
        boolean throttled = answer.outcomes().stream().anyMatch(outcome -> outcome instanceof Outcome.TemporaryFailure(var to, var why)
                && Words.saysTooMuch(why));
        if (throttled) {
            destination.throttled();
        } else if (answer.outcomes().stream().anyMatch(Outcome.Relayed.class::isInstance)) {
            destination.succeeded();
        }
    }

    private Answer answer(Outcome outcome, boolean remoteTells) {
        return switch (outcome) {
            case Outcome.Relayed(var to, var reply) -> new Answer.Taken(Words.of(reply, connection.orElseThrow().host()), remoteTells);
            case Outcome.TemporaryFailure(var to, var why) -> new Answer.NotNow(word(why), true);
            case Outcome.PermanentFailure(var to, var why) -> new Answer.Refused(word(why));
        };
    }

    private Word word(Failure failure) {
        return Words.of(failure, connection.map(SmtpConnection::host));
    }

    private void drop() {
        connection.ifPresent(open -> {
            open.close();
            destination.disconnected();
        });
        connection = Optional.empty();
    }
}
