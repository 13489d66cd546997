package org.postbus.benchmarks.report;

import java.util.List;
import java.util.OptionalDouble;
import org.postbus.benchmarks.load.Catalogue;
import org.postbus.benchmarks.load.Figure;

/**
 * What our figure over a peer's should be, or a figure that is a ratio of our own.
 *
 * @param ratio the least, where more is better, else the most
 * @param withoutBacklog whether it counts only while our backlog does not grow
 */
record Goal(String title, String load, Figure figure, double ratio, boolean withoutBacklog) {

    static final List<Goal> ALL = List.of(
            new Goal("accepted/s, 10 KB, 50 connections", Catalogue.MAIN, Figure.ACCEPTED, 3, false),
            new Goal("filed/s, 10 KB, 50 connections, no growing backlog", Catalogue.SUSTAINED, Figure.FILED, 6, true),
            new Goal("accepted/s, 75 KB, 50 connections", Catalogue.LARGER, Figure.ACCEPTED, 3, false),
            new Goal("accepted/s, 10 KB, one connection alone", Catalogue.ALONE, Figure.ACCEPTED, 1, false),
            new Goal("accepted MB/s, 20 MiB", Catalogue.LARGE, Figure.ACCEPTED_MB, 1.5, false),
            new Goal("empty polls/s", Catalogue.POLLS, Figure.POLLS, 2, false),
            new Goal("RETR/s", Catalogue.DOWNLOAD, Figure.MESSAGES, 1.2, false),
            new Goal("relayed/s, 10 KB, 50 connections", Catalogue.RELAY, Figure.RELAYED, 2, false),
            new Goal("relayed/s beside deferred mail, to those without", Catalogue.DEFERRED, Figure.KEPT, 0.9, false),
            new Goal("memory per idle SMTP session", Catalogue.IDLE_SMTP, Figure.SESSION_KB, 1 / 20.0, false),
            new Goal("memory per idle POP3 session", Catalogue.IDLE_POP3, Figure.SESSION_KB, 1 / 20.0, false),
            new Goal("cold LIST", Catalogue.LIST, Figure.LIST_MS, 1 / 5.0, false));

    /** A backlog that is gone within this part of the time that made it did not grow. */
    private static final double DRAINED_SHARE = 0.1;

    enum Verdict {
        MET, NOT_MET, NOT_MEASURED
    }

    Verdict verdict(Results results, String peer) {
        OptionalDouble measured = measured(results, peer);
        if (measured.isEmpty()) {
            return Verdict.NOT_MEASURED;
        }
        boolean reached = figure.moreIsBetter() ? measured.getAsDouble() >= ratio : measured.getAsDouble() <= ratio;
        return reached && (!withoutBacklog || keepsUp(results, load, Results.OURS)) ? Verdict.MET : Verdict.NOT_MET;
    }

    /** What the goal is for; nothing where it was not measured. */
    OptionalDouble measured(Results results, String peer) {
        return figure.isRatio() ? results.median(load, Results.OURS, figure) : results.ratio(load, peer, figure);
    }

    /** Whether filing was over soon after accepting; the two rates tell how long each took. */
    static boolean keepsUp(Results results, String load, String server) {
        OptionalDouble accepted = results.median(load, server, Figure.ACCEPTED);
        OptionalDouble filed = results.median(load, server, Figure.FILED);
        return accepted.isPresent() && filed.isPresent()
                && accepted.getAsDouble() / filed.getAsDouble() - 1 <= DRAINED_SHARE;
    }

    /** As people write it: at least 3, at most 1/20. */
    String target() {
        if (figure.moreIsBetter()) {
            return ">= " + Numbers.text(ratio);
        }
        return "<= 1/" + Math.round(1 / ratio);
    }
}
