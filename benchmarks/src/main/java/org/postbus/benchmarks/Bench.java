package org.postbus.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.postbus.benchmarks.load.Catalogue;
import org.postbus.benchmarks.load.Figure;
import org.postbus.benchmarks.load.Load;
import org.postbus.benchmarks.machine.Cpu;
import org.postbus.benchmarks.machine.Machine;
import org.postbus.benchmarks.remote.Elsewhere;
import org.postbus.benchmarks.report.Measurement;
import org.postbus.benchmarks.report.Report;
import org.postbus.benchmarks.report.Results;
import org.postbus.benchmarks.server.DebianPackages;
import org.postbus.benchmarks.server.Folders;
import org.postbus.benchmarks.server.PostfixDovecot;
import org.postbus.benchmarks.server.Postbus;
import org.postbus.benchmarks.server.Server;

/** Loads Postbus and its peers in turn and compares them: {@code postbus bench}. */
public final class Bench {

    private final Options options;
    private final Path work;
    private final Elsewhere elsewhere;
    private final Report report;
    private final List<Server> servers = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    private Bench(Options options, Path work, Elsewhere elsewhere) throws IOException {
        this.options = options;
        this.work = work;
        this.elsewhere = elsewhere;
        this.report = Report.in(options.out(), options.added(), Machine.with(work).description());
    }

    /** Exit status 0: measured; 1: something failed; 2: the options make no sense. */
    public static void main(String[] arguments) throws Exception {
        try {
            Options options = Options.parse(List.of(arguments));
            System.exit(runIn(options) ? 0 : 1);
        } catch (Options.Mistake e) {
            System.err.println("postbus bench: " + e.getMessage());
            System.exit(2);
        } catch (IOException e) {
            System.err.println("postbus bench: " + e.getMessage());
            System.exit(1);
        }
    }

    private static boolean runIn(Options options) throws IOException, InterruptedException {
        Path work = Folders.temporary(options.work());
        try (Elsewhere elsewhere = Elsewhere.open()) {
            return new Bench(options, work, elsewhere).run();
        } finally {
            Folders.remove(work);
        }
    }

    private boolean run() throws IOException, InterruptedException {
        chooseServers();
        servers.forEach(server -> notes.addAll(server.description()));
        boolean complete = true;
        for (int round = 1; round <= options.rounds(); round++) {
            for (Server server : servers) {
                complete &= turn(server, round);
            }
        }
        System.out.println();
        System.out.print(report.write(options.effort(), notes));
        System.out.println("\nresults in " + options.out().toAbsolutePath().normalize());
        return complete;
    }

    private void chooseServers() throws InterruptedException {
        if (options.postbus()) {
            servers.add(new Postbus(options.launcher(), work.resolve("postbus"), elsewhere));
        }
        if (!options.peers()) {
            return;
        }
        Optional<String> missing = DebianPackages.install();
        if (missing.isEmpty()) {
            servers.add(new PostfixDovecot(work.resolve("peer"), elsewhere));
        } else {
            System.out.println("peers are skipped: " + missing.get());
            notes.add("No peer was measured: " + missing.get());
        }
    }

    /** All loads on one server that begins with nothing. A load that fails is told and leaves the others alone. */
    private boolean turn(Server server, int round) throws IOException, InterruptedException {
        Thread stop = new Thread(() -> stop(server));
        Runtime.getRuntime().addShutdownHook(stop);
        boolean complete = true;
        try {
            System.out.printf("round %d, %s: starting%n", round, server.name());
            server.start();
            warmUp(server);
            for (Load load : options.loads()) {
                complete &= measure(load, server, round);
            }
        } finally {
            server.close();
            Runtime.getRuntime().removeShutdownHook(stop);
        }
        return complete;
    }

    private void warmUp(Server server) throws IOException, InterruptedException {
        for (Load load : Catalogue.warmUp()) {
            load.run(server, options.effort().withSeconds(options.effort().warmUp()));
        }
    }

    private boolean measure(Load load, Server server, int round) throws IOException, InterruptedException {
        try {
            if (!load.suits(server)) {
                return true;
            }
            Cpu.awaitQuiet(Server.SETTLES);
            Map<Figure, Double> figures = load.run(server, options.effort());
            report.add(new Measurement(load.name(), server.name(), round, figures));
            System.out.printf("round %d, %s, %s: %s%n", round, server.name(), load.name(), Results.headline(figures));
            return true;
        } catch (IOException e) {
            System.out.printf("round %d, %s, %s failed: %s%n", round, server.name(), load.name(), e);
            notes.add(load.name() + " failed on " + server.name() + " in round " + round + ": " + e);
            return false;
        }
    }

    private static void stop(Server server) {
        try {
            server.close();
        } catch (IOException e) {
            System.err.println("postbus bench: " + server.name() + " may still run: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
