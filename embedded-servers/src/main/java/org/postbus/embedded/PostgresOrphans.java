package org.postbus.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jboss.logging.Logger;

/**
 * PostgreSQL processes that outlived the process that started them, after a kill -9.
 *
 * <p>Every PostgreSQL process has the data folder as its working directory, so they are found whatever
 * postmaster.pid says: it may name a process id that now belongs to a stranger.
 */
final class PostgresOrphans {

    private static final Logger LOG = Logger.getLogger(PostgresOrphans.class);
    private static final Duration END_WITHIN = Duration.ofSeconds(20);

    private final PostgresPrograms programs;
    private final Path data;

    PostgresOrphans(PostgresPrograms programs, Path data) {
        this.programs = programs;
        this.data = data;
    }

    /** Returns when no process works on the data folder; the caller owns the folder. */
    void stop() throws IOException, InterruptedException {
        Path pidFile = data.resolve("postmaster.pid");
        List<ProcessHandle> orphans = find();
        if (!orphans.isEmpty() && Files.exists(pidFile)) {
            askPostmaster();
        }
        // Without their postmaster the others end by themselves.
        long deadline = System.nanoTime() + END_WITHIN.toNanos();
        while (!find().isEmpty()) {
            if (System.nanoTime() > deadline) {
                find().forEach(ProcessHandle::destroyForcibly);
            }
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
        Files.deleteIfExists(pidFile);
    }

    private void askPostmaster() throws IOException, InterruptedException {
        LOG.info("stopping the PostgreSQL that an earlier process left behind");
        try {
            programs.run("pg_ctl", List.of("stop", "-D", data.toString(), "-m", "fast", "-t", "30"));
        } catch (EmbeddedServerException e) {
            LOG.info("it was gone or did not obey: " + e.getMessage());
        }
    }

    private List<ProcessHandle> find() throws IOException {
        Path folder = data.toRealPath();
        return ProcessHandle.allProcesses().filter(process -> worksIn(process, folder)).toList();
    }

    static boolean worksIn(ProcessHandle process, Path folder) {
        try {
            return Files.readSymbolicLink(Path.of("/proc", String.valueOf(process.pid()), "cwd")).equals(folder);
        } catch (IOException e) {
            return false; // it has ended, or is another user's
        }
    }
}
