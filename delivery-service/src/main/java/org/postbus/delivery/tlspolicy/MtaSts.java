package org.postbus.delivery.tlspolicy;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;
import org.postbus.delivery.dns.Answer;
import org.postbus.delivery.dns.Dns;
import org.postbus.delivery.tlspolicy.PolicyStore.Stored;

/**
 * Finds the policy of a domain (RFC 8461). A policy that is known holds for its time, whatever becomes of the DNS and the server
 * it came from (sections 3.3 and 5.1): who can disturb those must not be able to make TLS optional again. Blocks; thread-safe.
 */
public final class MtaSts {

    private static final Logger LOG = Logger.getLogger(MtaSts.class);
    static final Duration REFRESH = Duration.ofDays(1);
    /** Between two fetches of which the first failed; section 3.3 asks for at least five minutes. */
    static final Duration RETRY = Duration.ofMinutes(5);
    private static final int MAX_FAILURES = 10_000;
    // sts-version *( field-delim sts-field ), the id being 1*32(ALPHA / DIGIT) (section 3.1).
    private static final Pattern RECORD = Pattern.compile("v=STSv1\\s*;.*");
    private static final Pattern ID = Pattern.compile(";\\s*id=([A-Za-z0-9]{1,32})\\s*(;|$)");

    private final Dns dns;
    private final PolicyFetch fetch;
    private final PolicyStore store;
    private final InstantSource clock;
    private final Recent<Instant> failures = new Recent<>(MAX_FAILURES);
    private final Map<String, CompletableFuture<Optional<Stored>>> open = new ConcurrentHashMap<>();

    public MtaSts(Dns dns, PolicyFetch fetch, PolicyStore store, InstantSource clock) {
        this.dns = dns;
        this.fetch = fetch;
        this.store = store;
        this.clock = clock;
    }

    /**
     * The policy that holds now; empty where there is none or its mode is none. Takes up to {@link PolicyFetch#WITHIN} beside a
     * question to the DNS.
     *
     * @param domain in A-labels and lower case
     * @throws PolicyStore.UnreadableException nobody can say whether one is known, and the domain does not tell either
     */
    public Optional<StsPolicy> find(String domain) throws PolicyStore.UnreadableException {
        return current(domain).map(Stored::policy).filter(policy -> policy.mode() != StsPolicy.Mode.NONE);
    }

    private Optional<Stored> current(String domain) throws PolicyStore.UnreadableException {
        Optional<Stored> known;
        try {
            known = store.find(domain).filter(stored -> clock.instant().isBefore(stored.expires()));
        } catch (PolicyStore.UnreadableException e) {
            // What the domain publishes now holds, whatever was known. But that it publishes nothing may be an attacker's doing.
            return Optional.of(fetched(domain, Optional.empty()).orElseThrow(() -> e));
        }
        return fetched(domain, known).or(() -> known);
    }

    private Optional<Stored> fetched(String domain, Optional<Stored> known) {
        return id(domain).filter(id -> isDue(id, known) && mayFetch(domain)).flatMap(id -> once(domain, id));
    }

    private boolean isDue(String id, Optional<Stored> known) {
        return known.filter(stored -> stored.id().equals(id) && clock.instant().isBefore(stored.fetched().plus(REFRESH))).isEmpty();
    }

    private boolean mayFetch(String domain) {
        return failures.find(domain).map(failed -> !clock.instant().isBefore(failed.plus(RETRY))).orElse(true);
    }

    /** More than one record is as none (section 3.1). */
    private Optional<String> id(String domain) {
        return switch (dns.txt("_mta-sts." + domain)) {
            case Answer.Found<String>(List<String> texts) -> Optional.of(texts.stream().filter(RECORD.asMatchPredicate()).toList())
                    .filter(records -> records.size() == 1).map(records -> ID.matcher(records.getFirst()))
                    .filter(Matcher::find).map(matcher -> matcher.group(1));
            case Answer.NoData<String> _, Answer.NoSuchDomain<String> _, Answer.Failed<String> _ -> Optional.empty();
        };
    }

    private Optional<Stored> once(String domain, String id) {
        CompletableFuture<Optional<Stored>> mine = new CompletableFuture<>();
        CompletableFuture<Optional<Stored>> others = open.putIfAbsent(domain, mine);
        if (others != null) {
            return others.join();
        }
        try {
            mine.complete(fetch(domain, id));
        } finally {
            open.remove(domain);
            mine.complete(Optional.empty());
        }
        return mine.join();
    }

    private Optional<Stored> fetch(String domain, String id) {
        try {
            Stored stored = new Stored(id, fetch.of(domain), clock.instant());
            store.put(domain, stored);
            return Optional.of(stored);
        } catch (PolicyFetch.FailedException e) {
            failures.put(domain, clock.instant());
            LOG.infof("the MTA-STS policy of %s cannot be fetched: %s", domain, e.getMessage());
            return Optional.empty();
        }
    }
}
