package org.postbus.systemtest.faults.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The counts of all faults of a run: as JSON, and as tables of Markdown that a terminal shows as well. */
public final class Report {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String KILL = "kill -9 of ";
    private static final String HALT = "halts of ";
    private static final double THREE = 3;
    /** How what a fault did begins, other than kills. */
    private static final List<String> DONE = List.of("SIGTERM", "instances", "rebalances", "ms at most", "deletions behind", "directory changes", "mails accepted behind", "members", "REST", "SMTP sessions", "POP3 sessions", "links", "connections cut", "consumers", "gateways stopped", "scalings", "restores",
            "poison", "disks", "copies again", "notifications again", "brokers that", "power cuts", "cuts without");

    private final String command;
    private final long seed;
    private final long begin = System.nanoTime();
    private final List<Tally> tallies;

    public Report(long seed, List<Tally> tallies) {
        this("", seed, tallies);
    }

    /** @param command what made it; empty for a test */
    public Report(String command, long seed, List<Tally> tallies) {
        this.command = command;
        this.seed = seed;
        this.tallies = tallies;
    }

    /** Of all invariants. */
    public long violations() {
        return tallies.stream().mapToLong(Tally::violations).sum();
    }

    /** The first violations of each invariant and fault, in words. */
    public List<String> examples() {
        return tallies.stream().flatMap(tally -> Stream.of(Invariant.values()).flatMap(invariant ->
                tally.of(invariant).examples().stream().map(what -> tally.fault() + ", " + invariant + ": " + what))).toList();
    }

    /** kill -9 and halts at kill points. */
    public long kills() {
        return tallies.stream().mapToLong(Report::kills).sum();
    }

    /** Mails that were answered, or went without an answer. */
    public long mails() {
        return tallies.stream().mapToLong(Report::mails).sum();
    }

    public void write(Path file) throws IOException {
        ObjectNode root = JSON.createObjectNode().put("command", command).put("seed", seed).put("minutes", minutes())
                .put("kills", kills()).put("mails", mails())
                .put("violations", violations());
        ArrayNode faults = root.putArray("faults");
        tallies.forEach(tally -> faults.add(json(tally)));
        Files.createDirectories(file.getParent());
        Files.writeString(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n");
    }

    private static ObjectNode json(Tally tally) {
        ObjectNode node = JSON.createObjectNode().put("fault", tally.fault()).put("kills", kills(tally)).put("mails", mails(tally));
        node.set("events", JSON.valueToTree(tally.events()));
        node.set("killPointHits", JSON.valueToTree(tally.hits()));
        ObjectNode invariants = node.putObject("invariants");
        for (Invariant invariant : Invariant.values()) {
            Tally.Count count = tally.of(invariant);
            ObjectNode one = invariants.putObject(invariant.name()).put("trials", count.trials()).put("violations", count.violations());
            if (count.trials() > 0 && count.violations() == 0) {
                one.put("rateAtMost", THREE / count.trials());
            }
            one.set("examples", JSON.valueToTree(count.examples()));
        }
        node.set("notes", JSON.valueToTree(tally.notes()));
        return node;
    }

    /** Every table. */
    public String markdown() {
        StringBuilder text = new StringBuilder((command.isEmpty() ? "Seed " + seed : "`" + command + "`") + " on "
                + Runtime.getRuntime().availableProcessors() + " processors, " + minutes() + " minutes: " + kills() + " kills, "
                + mails() + " mails, " + violations() + " violations.");
        if (violations() == 0 && kills() > 0 && mails() > 0) {
            text.append(" So at most ").append(bound(kills())).append(" of such kills and ").append(bound(mails()))
                    .append(" of such mails break a promise (3/n).");
        }
        text.append("\n\n");
        faults(text);
        invariants(text);
        hits(text);
        return text.toString();
    }

    private long minutes() {
        return TimeUnit.NANOSECONDS.toMinutes(System.nanoTime() - begin);
    }

    /** The rule of three: what a rate is at most, with 95 %, that was never seen in so many trials. */
    private static String bound(long trials) {
        return String.format(Locale.ROOT, "%.1e", Math.min(1, THREE / trials));
    }

    private void faults(StringBuilder text) {
        text.append("| fault | kills | what else was done | mails | 250 | 4xx | 5xx | unknown | violations / trials |\n"
                + "|---|---|---|---|---|---|---|---|---|\n");
        for (Tally tally : tallies) {
            long trials = 0;
            for (Invariant invariant : Invariant.values()) {
                trials += tally.of(invariant).trials();
            }
            text.append("| ").append(tally.fault()).append(" | ").append(kills(tally)).append(" | ").append(others(tally))
                    .append(" | ").append(mails(tally));
            for (String outcome : List.of("accepted", "put off", "refused", "unknown")) {
                text.append(" | ").append(tally.count("mails " + outcome));
            }
            text.append(" | ").append(tally.violations()).append(" / ").append(trials).append(" |\n");
        }
    }

    private void invariants(StringBuilder text) {
        text.append("\n| | invariant | violations / trials | rate at most (3/n) |\n|---|---|---|---|\n");
        for (Invariant invariant : Invariant.values()) {
            long trials = tallies.stream().mapToLong(tally -> tally.of(invariant).trials()).sum();
            long violations = tallies.stream().mapToLong(tally -> tally.of(invariant).violations()).sum();
            String bound = violations > 0 ? "violated" : trials == 0 ? "not tried" : bound(trials);
            text.append("| ").append(invariant).append(" | ").append(invariant.text()).append(" | ").append(violations).append(" / ")
                    .append(trials).append(" | ").append(bound).append(" |\n");
        }
    }

    private void hits(StringBuilder text) {
        Map<String, Long> all = new TreeMap<>();
        tallies.forEach(tally -> tally.hits().forEach((point, count) -> all.merge(point, count, Long::sum)));
        if (!all.isEmpty()) {
            text.append("\n| kill point | hits, each with its marker |\n|---|---|\n");
            all.forEach((point, count) -> text.append("| ").append(point).append(" | ").append(count).append(" |\n"));
        }
    }

    /** Neither kills nor what clients did. */
    private static String others(Tally tally) {
        return tally.events().entrySet().stream().filter(event -> DONE.stream().anyMatch(event.getKey()::startsWith))
                .map(event -> event.getValue() + " " + event.getKey()).collect(Collectors.joining(", "));
    }

    private static long kills(Tally tally) {
        return tally.events().entrySet().stream()
                .filter(event -> event.getKey().startsWith(KILL) || event.getKey().startsWith(HALT))
                .mapToLong(Map.Entry::getValue).sum();
    }

    private static long mails(Tally tally) {
        return List.of("accepted", "put off", "refused", "unknown").stream()
                .mapToLong(outcome -> tally.count("mails " + outcome)).sum();
    }
}
