package org.postbus.benchmarks.load;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.postbus.benchmarks.remote.Elsewhere;

/** Every load there is, in the order in which they are run. */
public final class Catalogue {

    private static final int MIB = 1 << 20;

    public static final String MAIN = "smtp-10k-c50";
    public static final String SUSTAINED = "smtp-10k-c50-sustained";
    public static final String ALONE = "smtp-10k-c1";
    public static final String LARGER = "smtp-75k-c50";
    public static final String LARGE = "smtp-20m-c4";
    public static final String POLLS = "pop3-polls";
    public static final String DOWNLOAD = "pop3-retr";
    public static final String LIST = "pop3-list";
    public static final String RELAY = "relay-10k";
    public static final String DEFERRED = "relay-deferred";
    public static final String IDLE_SMTP = "idle-smtp";
    public static final String IDLE_POP3 = "idle-pop3";

    /** Those that goals are set for. */
    private static final Set<String> CORE =
            Set.of(MAIN, SUSTAINED, ALONE, LARGER, LARGE, POLLS, DOWNLOAD, LIST, RELAY, IDLE_SMTP, IDLE_POP3, DEFERRED);

    private Catalogue() {}

    /** Not measured: what is compiled while it runs, and processes that are started when needed, are there after these. */
    public static List<Load> warmUp() {
        return List.of(new SmtpLoad("warm-up", 50, 10 * 1024, 1, true, 500), new PollLoad("warm-up-polls", 50),
                new DownloadLoad("warm-up-retr", 10, 10 * 1024),
                new RelayLoad("warm-up-relay", 50, 10 * 1024, Elsewhere.DOMAINS, 500));
    }

    public static List<Load> all() {
        List<Load> loads = new ArrayList<>();
        for (boolean reused : new boolean[] {true, false}) {
            for (int kilobytes : new int[] {2, 10, 75}) {
                for (int connections : new int[] {1, 50, 200}) {
                    String name = "smtp-" + kilobytes + "k-c" + connections + (reused ? "" : "-new");
                    loads.add(new SmtpLoad(name, connections, kilobytes * 1024, 1, reused, SmtpLoad.NO_LIMIT));
                }
            }
        }
        loads.add(new SmtpLoad(SUSTAINED, 50, 10 * 1024, 1, true, 500));
        loads.add(new SmtpLoad("smtp-10k-c50-r10", 50, 10 * 1024, 10, true, SmtpLoad.NO_LIMIT));
        loads.add(new SmtpLoad(LARGE, 4, 20 * MIB, 1, true, SmtpLoad.NO_LIMIT));
        loads.add(new LatencyLoad("latency-10k", 50, 10 * 1024, 0));
        loads.add(new LatencyLoad("latency-10k-own", 50, 10 * 1024, 0.6));
        // Before the server is restarted for a cold LIST.
        loads.add(new RelayLoad(RELAY, 50, 10 * 1024, Elsewhere.DOMAINS, SmtpLoad.NO_LIMIT));
        loads.add(new RelayLoad("relay-10k-sustained", 50, 10 * 1024, Elsewhere.DOMAINS, 500));
        loads.add(new RelayLoad("relay-10k-d1", 50, 10 * 1024, 1, SmtpLoad.NO_LIMIT));
        loads.add(new PollLoad(POLLS, 50));
        loads.add(new DownloadLoad(DOWNLOAD, 10, 10 * 1024));
        loads.add(new ListLoad(LIST, 2 * 1024));
        loads.add(new IdleLoad(IDLE_SMTP, IdleLoad.Where.SMTP));
        loads.add(new IdleLoad("idle-pop3-login", IdleLoad.Where.POP3_AUTHORIZATION));
        loads.add(new IdleLoad(IDLE_POP3, IdleLoad.Where.POP3_TRANSACTION));
        // At the end, as no other load is to meet what it leaves in the queue.
        loads.add(new DeferredLoad(DEFERRED, 50, 10 * 1024));
        return loads;
    }

    /**
     * Those that one of the words names: by its full name, by a beginning before a hyphen, or {@code core}.
     *
     * @throws IllegalArgumentException for a word that names none
     */
    public static List<Load> named(List<String> words) {
        for (String word : words) {
            if (all().stream().noneMatch(named(word))) {
                throw new IllegalArgumentException("no load is named " + word + ": choose from core, "
                        + String.join(", ", all().stream().map(Load::name).toList()));
            }
        }
        return all().stream().filter(load -> words.stream().anyMatch(word -> named(word).test(load))).toList();
    }

    private static Predicate<Load> named(String word) {
        if (word.equals("core")) {
            return load -> CORE.contains(load.name());
        }
        // A full name is that load alone, though others may begin with it.
        boolean full = all().stream().anyMatch(load -> load.name().equals(word));
        return load -> full ? load.name().equals(word) : load.name().startsWith(word + "-");
    }
}
