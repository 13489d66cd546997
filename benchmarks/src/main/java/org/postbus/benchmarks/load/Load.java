package org.postbus.benchmarks.load;

import java.io.IOException;
import java.util.Map;
import org.postbus.benchmarks.server.Server;

/** One kind of work for a server, the same for each. */
public sealed interface Load permits SmtpLoad, LatencyLoad, PollLoad, DownloadLoad, ListLoad, IdleLoad, RelayLoad,
        DeferredLoad {

    /** Without blanks; chosen by it on the command line. */
    String name();

    /** What it is, for people. */
    String title();

    /** Whether it says anything about that server. */
    default boolean suits(Server server) throws IOException, InterruptedException {
        return true;
    }

    /** Returns when the server has finished all of it. */
    Map<Figure, Double> run(Server server, Effort effort) throws IOException, InterruptedException;
}
