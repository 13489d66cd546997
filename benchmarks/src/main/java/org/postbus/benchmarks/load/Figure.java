package org.postbus.benchmarks.load;

/** What is measured. Names are keys of the results, too: they stay. */
public enum Figure {
    ACCEPTED("accepted/s", true),
    FILED("filed/s", true),
    RELAYED("relayed/s", true),
    RELAYED_ALONE("relayed/s, nothing deferred", true),
    KEPT("relayed/s to that with nothing deferred", true),
    ACCEPTED_MB("accepted MB/s", true),
    FILED_MB("filed MB/s", true),
    POLLS("polls/s", true),
    MESSAGES("RETR/s", true),
    DOWNLOADED_MB("RETR MB/s", true),
    LIST_MS("login and LIST ms", false),
    LIST_ALONE_MS("LIST ms", false),
    REBUILT_LIST_MS("login and LIST ms, indexes lost", false),
    SESSION_KB("memory per session KB", false),
    SESSION_HEAP_KB("heap per session KB", false),
    RATE("offered/s", true),
    P50_MS("p50 ms", false),
    P90_MS("p90 ms", false),
    P99_MS("p99 ms", false),
    P999_MS("p99.9 ms", false),
    MAX_MS("max ms", false),
    P50_ALONE_MS("p50 ms, nothing deferred", false),
    P99_ALONE_MS("p99 ms, nothing deferred", false),
    BACKLOG("backlog at the end", false),
    DRAIN("drained in s", false),
    DEFERRED("recipients deferred", true),
    DEFERRALS("of them tried again in vain/s", true),
    CPU_MS("server CPU ms each", false),
    GENERATOR_SHARE("generator's share of CPU %", false),
    REFUSED("refused", false);

    private final String title;
    private final boolean moreIsBetter;

    Figure(String title, boolean moreIsBetter) {
        this.title = title;
        this.moreIsBetter = moreIsBetter;
    }

    public String title() {
        return title;
    }

    /** Whether it is a server's figure over another one of its own, so that no other server's is needed to judge it. */
    public boolean isRatio() {
        return this == KEPT;
    }

    public boolean moreIsBetter() {
        return moreIsBetter;
    }
}
