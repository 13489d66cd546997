package org.postbus.systemtest.powercut;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.postbus.systemtest.RunningPlatform;

/**
 * One loaded run of a platform: what its clients were promised and what its disk got. First it runs as it should; then
 * Kafka is told not to sync, and it runs on.
 *
 * @param sound when it ran as it should
 * @param weak when Kafka did not sync
 */
record Recording(Path programs, DiskLog log, History history, Promises promises, Time sound, Time weak)
        implements AutoCloseable {

    /** From one moment to another, both of {@link System#nanoTime}. */
    record Time(long begin, long end) {}

    private static final int WEAK_SECONDS = 3;
    /** By then the broker follows a changed setting. */
    private static final int SETTLED_SECONDS = 1;

    /**
     * Needs an empty folder and leaves several GiB in it after a long run.
     *
     * @throws AssertionError a client was refused something, or the disk does not hold what was recorded
     */
    static Recording make(Path folder, Random random, int seconds) throws Exception {
        Path data = folder.resolve("data");
        Path base = folder.resolve("base");
        Path programs = folder.resolve("programs");
        Path log = folder.resolve("disk.log");
        prepare(data);
        // They do not change, and they are not to be copied for each cut.
        Files.move(data.resolve("programs"), programs);
        Copies.copy(data, base);
        Files.createSymbolicLink(data.resolve("programs"), programs);
        Promises promises = new Promises();
        Map<String, String> recorder = DiskRecorder.compile(folder).environment(data, log);
        Time sound;
        Time weak;
        try (RunningPlatform platform = RunningPlatform.start(data, Map.of(), recorder)) {
            long begin = System.nanoTime();
            try (Load load = Load.start(platform, promises, random)) {
                TimeUnit.SECONDS.sleep(seconds);
                sound = new Time(begin, System.nanoTime());
                Weakness.letKafkaNotSync(platform);
                TimeUnit.SECONDS.sleep(SETTLED_SECONDS);
                begin = System.nanoTime();
                TimeUnit.SECONDS.sleep(WEAK_SECONDS);
                weak = new Time(begin, System.nanoTime());
            }
        }
        Files.delete(data.resolve("programs"));
        DiskLog read = DiskLog.read(log, data);
        History history = History.of(base, read.changes());
        requireComplete(history, data, folder.resolve("complete"));
        return new Recording(programs, read, history, promises, sound, weak);
    }

    /** The folder that a power cut leaves, ready to be started on. */
    void rebuild(Durability durability, Survival survival, Path target) throws IOException {
        DiskImage.build(history, durability, survival, target);
        Files.createSymbolicLink(target.resolve("programs"), programs);
    }

    @Override
    public void close() {
        log.close();
    }

    /** First initialisation is not what is looked at here: it counts as durable. */
    private static void prepare(Path data) {
        try (RunningPlatform platform = RunningPlatform.start(data)) {
            platform.admin().domain(Load.DOMAIN);
            Load.ACCOUNTS.forEach(account -> platform.admin().account(account, Load.PASSWORD));
        }
    }

    /** All that was recorded, put on the base, is what the processes left: so nothing went past the recorder. */
    private static void requireComplete(History history, Path data, Path target) throws IOException {
        Durability all = Durability.of(history, history.size(), program -> true);
        DiskImage.build(history, all, new Survival.Everything(), target);
        List<String> differences = Copies.differences(target, data);
        if (!differences.isEmpty()) {
            throw new AssertionError("the recorder missed something: " + differences);
        }
        Copies.delete(target);
    }
}
