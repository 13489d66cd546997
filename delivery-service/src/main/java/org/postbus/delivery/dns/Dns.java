package org.postbus.delivery.dns;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.postbus.protocol.address.International;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.Cache;
import org.xbill.DNS.DClass;
import org.xbill.DNS.MXRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;
import org.xbill.DNS.lookup.LookupSession;
import org.xbill.DNS.lookup.NoSuchDomainException;
import org.xbill.DNS.lookup.NoSuchRRSetException;

/**
 * Asks resolvers, over UDP and where an answer is cut off over TCP, and caches what they say, the negative too, for as long as it
 * may be and an hour at most. Aliases are followed, {@value #MAX_ALIASES} of them. Threads that ask the same at the same time wait
 * for one answer. Names of {@code /etc/hosts} have the address there.
 */
public final class Dns {

    /** For one try at one resolver. */
    static final Duration TRY = Duration.ofSeconds(5);
    /** For a question with all tries and aliases. */
    static final Duration QUESTION = Duration.ofSeconds(30);
    static final int MAX_ALIASES = 8;
    /** Names in the cache; each holds answers of {@link Resolvers#MAX_ANSWER} octets at most. */
    private static final int MAX_NAMES = 5_000;
    private static final int MAX_SECONDS = (int) TimeUnit.HOURS.toSeconds(1);
    // RFC 1035, section 2.3.4, and the underscores of RFC 8552.
    private static final Pattern NAME = Pattern.compile("(?=.{1,253}$)[a-z0-9_-]{1,63}(\\.[a-z0-9_-]{1,63})*");

    private final LookupSession session;
    private final Duration within;
    private final Map<Question, CompletableFuture<List<Record>>> open = new ConcurrentHashMap<>();

    private record Question(Name name, int type) {
    }

    /**
     * @param servers {@code address} or {@code address:port}; empty: the machine's
     * @throws IllegalArgumentException where one is neither
     */
    public Dns(Optional<List<String>> servers) {
        this(servers, TRY, QUESTION);
    }

    Dns(Optional<List<String>> servers, Duration perTry, Duration within) {
        Cache cache = new Cache(DClass.IN);
        cache.setMaxEntries(MAX_NAMES);
        cache.setMaxCache(MAX_SECONDS);
        cache.setMaxNCache(MAX_SECONDS);
        // The library counts the step behind the last alias too.
        this.session = LookupSession.builder().resolver(Resolvers.of(servers, perTry, within)).cache(cache)
                .maxRedirects(MAX_ALIASES + 1).defaultHostsFileParser().build();
        this.within = within;
    }

    /** The mail hosts of a domain, in no order. The null MX of RFC 7505 is one of them. */
    public Answer<Mx> mx(String domain) {
        return start(domain, Type.MX).get().map(records -> records.stream().map(MXRecord.class::cast)
                .map(record -> new Mx(record.getPriority(), host(record.getTarget()))).toList());
    }

    /** The addresses of a host, IPv4 and IPv6 in turn. A failure for one of the two does not hide the other's. */
    public Answer<InetAddress> addresses(String host) {
        Supplier<Answer<Record>> first = start(host, Type.A);
        Supplier<Answer<Record>> second = start(host, Type.AAAA);
        Answer<InetAddress> ipv4 = first.get().map(records ->
                records.stream().map(ARecord.class::cast).map(ARecord::getAddress).toList());
        Answer<InetAddress> ipv6 = second.get().map(records ->
                records.stream().map(AAAARecord.class::cast).map(AAAARecord::getAddress).toList());
        if (ipv4 instanceof Answer.Found<InetAddress>(var fours) && ipv6 instanceof Answer.Found<InetAddress>(var sixes)) {
            return new Answer.Found<>(inTurn(fours, sixes));
        }
        return rank(ipv4) <= rank(ipv6) ? ipv4 : ipv6;
    }

    /** The TXT records of a name, each with its strings joined; octets outside ASCII are U+FFFD. */
    public Answer<String> txt(String name) {
        return start(name, Type.TXT).get().map(records -> records.stream().map(TXTRecord.class::cast).map(Dns::text).toList());
    }

    private static int rank(Answer<InetAddress> answer) {
        return switch (answer) {
            case Answer.Found<InetAddress> _ -> 0;
            case Answer.Failed<InetAddress> _ -> 1;
            case Answer.NoData<InetAddress> _ -> 2;
            case Answer.NoSuchDomain<InetAddress> _ -> 3;
        };
    }

    private static List<InetAddress> inTurn(List<InetAddress> first, List<InetAddress> second) {
        List<InetAddress> all = new ArrayList<>();
        for (int i = 0; i < Math.max(first.size(), second.size()); i++) {
            first.stream().skip(i).limit(1).forEach(all::add);
            second.stream().skip(i).limit(1).forEach(all::add);
        }
        return all;
    }

    private static String text(TXTRecord record) {
        StringBuilder text = new StringBuilder();
        record.getStringsAsByteArrays().forEach(string -> text.append(new String(string, StandardCharsets.US_ASCII)));
        return text.toString();
    }

    private static String host(Name name) {
        return name.toString(true).toLowerCase(Locale.ROOT).transform(text -> text.equals("@") || text.equals(".") ? "" : text);
    }

    /** Asks; what is returned waits for the answer. */
    private Supplier<Answer<Record>> start(String text, int type) {
        return International.aLabels(text).filter(NAME.asMatchPredicate()).map(Dns::name)
                .map(name -> once(new Question(name, type))).<Supplier<Answer<Record>>>map(answer -> () -> await(answer))
                .orElse(Answer.NoSuchDomain::new);
    }

    private static Answer<Record> await(CompletableFuture<List<Record>> answer) {
        try {
            List<Record> records = answer.get();
            return records.isEmpty() ? new Answer.NoData<>() : new Answer.Found<>(records);
        } catch (ExecutionException e) {
            return failure(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Answer.Failed<>("interrupted");
        }
    }

    private CompletableFuture<List<Record>> once(Question question) {
        CompletableFuture<List<Record>> mine = new CompletableFuture<>();
        CompletableFuture<List<Record>> others = open.putIfAbsent(question, mine);
        if (others != null) {
            return others;
        }
        CompletableFuture.completedFuture(question).thenCompose(asked -> session.lookupAsync(asked.name(), asked.type()))
                .orTimeout(within.toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((result, failure) -> {
                    open.remove(question);
                    if (failure == null) {
                        mine.complete(result.getRecords());
                    } else {
                        mine.completeExceptionally(failure);
                    }
                });
        return mine;
    }

    private static Answer<Record> failure(Throwable failure) {
        return switch (failure) {
            case CompletionException wrapped when wrapped.getCause() != null -> failure(wrapped.getCause());
            case NoSuchDomainException _ -> new Answer.NoSuchDomain<>();
            case NoSuchRRSetException _ -> new Answer.NoData<>();
            case TimeoutException _ -> new Answer.Failed<>("no answer in time");
            default -> new Answer.Failed<>(printable(Optional.ofNullable(failure.getMessage())
                    .orElseGet(() -> failure.getClass().getSimpleName())));
        };
    }

    /** Messages of the library may tell names that a stranger chose. */
    private static String printable(String text) {
        return text.replaceAll("[^ -~]", "?");
    }

    private static Name name(String text) {
        try {
            return Name.fromString(text, Name.root);
        } catch (TextParseException e) {
            throw new IllegalStateException("names are checked before: " + text, e);
        }
    }
}
