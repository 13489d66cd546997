package org.postbus.delivery.relay;

import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.jboss.logging.Logger;
import org.postbus.delivery.DeliveryConfig;
import org.postbus.delivery.dns.Dns;
import org.postbus.delivery.nexthop.NextHops;
import org.postbus.delivery.queue.Chunks;
import org.postbus.delivery.queue.Claims;
import org.postbus.delivery.queue.Enqueuing.Arrived;
import org.postbus.delivery.queue.Instance;
import org.postbus.delivery.queue.Outcomes;
import org.postbus.delivery.tlspolicy.CertificateCheck;
import org.postbus.delivery.tlspolicy.SharedPolicyStore;
import org.postbus.delivery.tlspolicy.StsReports;
import org.postbus.events.FaultPoint;

/**
 * Relays what is due: new mail comes straight from the routing decision, already claimed and in memory; what waits in the queue
 * is claimed when its time has come. Each goes to the line of its destination, where sessions take it from.
 */
public final class Relay implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(Relay.class);

    private static final Duration CLAIM_EACH = Duration.ofMillis(500);
    /** Who has a whole mail and is cut before it answers gets it again: as long as the grace period of a pod bears it. */
    private static final Duration DRAIN = Duration.ofSeconds(40);
    private static final Duration ABORTED = Duration.ofSeconds(2);

    private final boolean enabled;
    private final Instance instance;
    private final Claims claims;
    private final RelayMetrics metrics;
    private final Recorder recorder;
    private final Judgement judgement;
    private final Session.Tools tools;
    private final InstantSource clock;
    private final Hand hand;
    private final Strays strays;
    private final Lines lines;
    private final SessionPermits permits;
    private final Set<Session> live = ConcurrentHashMap.newKeySet();
    private final AtomicInteger running = new AtomicInteger();
    private final Ticker claimer = new Ticker("delivery-claimer", CLAIM_EACH, this::claim);
    private final Ticker lease;
    private final Ticker sweeper = new Ticker("delivery-sweeper", Instance.RENEW_EACH, this::sweep);
    private volatile boolean closing;

    private Relay(RelaySettings settings, Instance instance, Claims claims, Outcomes outcomes, Connecting connecting, Mails mails,
            InstantSource clock, MeterRegistry meters) {
        DeliveryConfig.RelaySettings limits = settings.config().relay();
        this.enabled = limits.enabled();
        this.instance = instance;
        this.claims = claims;
        this.judgement = new Judgement(settings.times(), clock);
        this.clock = clock;
        this.hand = new Hand(limits.maxRecipients(), limits.memory().asLongValue());
        this.metrics = new RelayMetrics(meters);
        this.recorder = new Recorder(outcomes, metrics, this::done);
        this.strays = new Strays(claims);
        this.lines = new Lines(limits.concurrency(), connecting, hand, judgement, recorder, claims, clock);
        this.permits = new SessionPermits(limits.maxSessions());
        this.tools = new Session.Tools(connecting, mails, judgement, recorder, this::stands, clock);
        this.lease = new Ticker("delivery-lease", Instance.RENEW_EACH, this::renew);
        meters.gauge("postbus.delivery.relay.in.hand", hand, Hand::recipients);
        meters.gauge("postbus.delivery.relay.sessions", running);
    }

    /** @param clock what the queue's times are by */
    public static Relay of(DataSource dataSource, RelaySettings settings, Vertx vertx, Signer signer, InstantSource clock,
            MeterRegistry meters) {
        NextHops nextHops = NextHops.of(settings.config(), settings.hostname(), new Dns(settings.config().dns().servers()), vertx,
                new SharedPolicyStore(dataSource, clock), meters);
        return of(dataSource, settings, new Connecting(nextHops, new StsReports(meters), settings.hostname(),
                settings.config().relay(), CertificateCheck::new), signer, clock, meters);
    }

    static Relay of(DataSource dataSource, RelaySettings settings, Connecting connecting, Signer signer, InstantSource clock,
            MeterRegistry meters) {
        return new Relay(settings, new Instance(dataSource, settings.instance()), new Claims(dataSource), new Outcomes(dataSource),
                connecting, new Mails(new Chunks(dataSource), signer), clock, meters);
    }

    /** @throws SQLException PostgreSQL does not answer */
    public void start() throws SQLException {
        instance.join();
        recorder.start();
        lease.start();
        sweeper.start();
        if (enabled) {
            claimer.start();
        } else {
            LOG.warn("delivery.relay.enabled is false: mail for other servers waits in the queue");
        }
    }

    /**
     * Asks for room to attempt new mail at once.
     *
     * @return the claim that its recipients are to bear; empty where there is no room, and they wait in the queue
     */
    public Optional<UUID> reserve(int recipients, int octets) {
        UUID claim = instance.id();
        return enabled && !closing && instance.holds(claim) && hand.take(recipients, octets) ? Optional.of(claim) : Optional.empty();
    }

    /** Gives room back for mail that did not come into the queue. */
    public void withdraw(int recipients, int octets) {
        hand.giveBack(recipients, octets);
    }

    /** New mail stands in the queue, under the claim that {@link #reserve} gave. */
    public void attempt(Arrived arrived) {
        UUID claim = arrived.claim().orElseThrow();
        List<Transmission> all = Transmission.of(claim, Map.of(arrived.mail().mailId(), arrived.mail()), arrived.recipients(),
                Optional.of(arrived.data()));
        // The octets were reserved once for all of them.
        hand.giveBack(0, (long) arrived.data().length * (1 - all.size()));
        submit(all);
    }

    /** Looks for what is due now, without waiting for the next round. */
    public void wake() {
        claimer.wake();
    }

    private boolean claim() {
        int room = hand.takeUpTo(Claims.LOOK);
        int taken = 0;
        try {
            UUID id = instance.id();
            if (!instance.holds(id)) {
                return false;
            }
            Instant now = clock.instant();
            Claims.Claimed claimed = claims.claim(id, now, room, new Triage(lines::known, judgement, now));
            taken = claimed.recipients().size();
            if (taken > 0) {
                FaultPoint.RELAY_CLAIMED.reached();
            }
            submit(Transmission.of(id, claimed.mails(), claimed.recipients(), Optional.empty()));
            metrics.postponed(claimed.postponed());
            return claimed.more() && taken + claimed.postponed().size() > 0;
        } catch (SQLException e) {
            LOG.warnf("nothing can be claimed just now: %s", e.getMessage());
            return false;
        } finally {
            hand.giveBack(room - taken, 0);
        }
    }

    private void submit(List<Transmission> transmissions) {
        // All of them before the first: until then a sweep takes them for strays.
        transmissions.forEach(strays::taken);
        lines.add(transmissions, this::startSession);
    }

    /** It is no longer in hand. */
    private void done(Transmission transmission) {
        strays.done(transmission);
        hand.giveBack(transmission);
    }

    private void startSession(Destination destination) {
        running.incrementAndGet();
        Thread.ofVirtual().name("relay " + destination.name()).start(() -> {
            try (SessionPermits.Permit permit = permits.acquire(destination.suspect(clock.instant()))) {
                serve(new Session(destination, permit, this::startSession, tools));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                running.decrementAndGet();
                if (destination.needsSession()) {
                    startSession(destination);
                }
            }
        });
    }

    private boolean stands(UUID claim) {
        return !closing && instance.holds(claim);
    }

    private void serve(Session session) throws InterruptedException {
        live.add(session);
        try {
            session.run();
        } finally {
            live.remove(session);
        }
    }

    boolean renew() {
        try {
            instance.renew();
        } catch (SQLException e) {
            LOG.warnf("the lease is not renewed: %s", e.getMessage());
        }
        return false;
    }

    /** Apart from the lease, which must not wait for it. */
    boolean sweep() {
        try {
            instance.returnClaims();
            strays.sweep(instance.id());
        } catch (SQLException e) {
            LOG.warnf("claims of nobody are not looked for: %s", e.getMessage());
        }
        lines.sweep();
        return false;
    }

    /** Takes nothing new, finishes what is being sent, {@link #DRAIN} at most, breaks off the rest and gives it back to the queue. */
    @Override
    public void close() throws InterruptedException {
        close(DRAIN);
    }

    void close(Duration drain) throws InterruptedException {
        closing = true;
        claimer.close();
        sweeper.close();
        lines.close();
        long deadline = System.nanoTime() + drain.toNanos();
        while (running.get() > 0 && System.nanoTime() < deadline) {
            Thread.sleep(20);
        }
        live.forEach(Session::abort);
        deadline = System.nanoTime() + ABORTED.toNanos();
        while (running.get() > 0 && System.nanoTime() < deadline) {
            Thread.sleep(20);
        }
        recorder.close();
        lease.close();
        try {
            instance.leave();
        } catch (SQLException e) {
            LOG.warnf("the claims return when the lease ends: %s", e.getMessage());
        }
    }
}
