package org.postbus.systemtest.powercut;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Predicate;
import org.postbus.systemtest.Ledger;
import org.postbus.systemtest.RunningPlatform;

/**
 * Power cuts without power cuts. One loaded run of a whole platform is recorded, with every write and every sync; then,
 * for any moment of it, the disk is rebuilt with what had been synced by then, a platform is started on it, and what
 * clients had been promised by then is looked for.
 */
public final class PowerCut {

    private static final Duration READY_WITHIN = Duration.ofSeconds(120);
    private static final Duration READY_WITHIN_WHEN_LOST = Duration.ofSeconds(20);
    private static final Duration ARRIVES_WITHIN = Duration.ofSeconds(120);
    private static final Duration ARRIVES_WITHIN_WHEN_LOST = Duration.ofSeconds(15);

    /**
     * @param folder empty, several GiB free below it
     * @param seconds of load that are recorded
     * @param cuts moments of it
     * @param kafkaCuts moments at which Kafka did not sync, to see a promise broken
     * @param postgresCuts the same on a disk that ignored the syncs of PostgreSQL
     */
    public record Settings(Path folder, long seed, int seconds, int cuts, int kafkaCuts, int postgresCuts) {}

    /** What the disk did to a cut: whose syncs it did, and whether it lost all that was not synced. */
    public enum Kind {
        /** Everything that was not synced is lost. */
        ALL_UNSYNCED_LOST,
        /** Of what was not synced, pages are there or not at random. */
        SOME_UNSYNCED_LOST,
        /** Kafka was told not to sync. */
        KAFKA_DID_NOT_SYNC,
        /** The syncs of PostgreSQL did nothing, and some of what it wrote is lost. */
        POSTGRES_SYNCS_IGNORED;

        /** Whether the promises are to hold. */
        public boolean isSound() {
            return this == ALL_UNSYNCED_LOST || this == SOME_UNSYNCED_LOST;
        }
    }

    /**
     * One cut.
     *
     * @param millis from the beginning of the load
     * @param mails answered 250 before it
     * @param deletions whose QUIT was answered +OK before it
     */
    public record Trial(Kind kind, long millis, long mails, long deletions, List<String> violations) {}

    /** All cuts of one recording. */
    public record Report(long seed, List<Trial> trials) {

        /** Cuts that were to keep every promise and did not. */
        public List<Trial> failures() {
            return trials.stream().filter(trial -> trial.kind().isSound() && !trial.violations().isEmpty()).toList();
        }

        /** Whether each kind that takes the syncs away was seen to break a promise. */
        public boolean showsThatItCanFail() {
            return trials.stream().map(Trial::kind).filter(kind -> !kind.isSound()).distinct().allMatch(kind ->
                    trials.stream().anyMatch(trial -> trial.kind() == kind && !trial.violations().isEmpty()));
        }
    }

    private final Settings settings;
    private final Random random;
    private final Recording recording;
    private final List<Trial> trials = new ArrayList<>();

    private PowerCut(Settings settings, Random random, Recording recording) {
        this.settings = settings;
        this.random = random;
        this.recording = recording;
    }

    /** Why there can be no power cuts on this machine. */
    public static Optional<String> obstacle() {
        return DiskRecorder.obstacle();
    }

    /** Records one run and does all cuts; a rebuilt folder on which a promise was broken is kept. */
    public static Report run(Settings settings) throws Exception {
        Random random = new Random(settings.seed());
        try (Recording recording = Recording.make(settings.folder(), random, settings.seconds())) {
            PowerCut powerCut = new PowerCut(settings, random, recording);
            powerCut.cutAll();
            return new Report(settings.seed(), powerCut.trials);
        }
    }

    private void cutAll() throws Exception {
        for (int n = 0; n < settings.kafkaCuts(); n++) {
            cut(Kind.KAFKA_DID_NOT_SYNC, promise(recording.weak()));
        }
        for (int n = 0; n < settings.postgresCuts(); n++) {
            cut(Kind.POSTGRES_SYNCS_IGNORED, promise(recording.sound()));
        }
        for (int n = 0; n < settings.cuts(); n++) {
            long moment = random.nextBoolean()
                    ? promise(recording.sound())
                    : random.nextLong(recording.sound().begin(), recording.sound().end());
            cut(n % 2 == 0 ? Kind.ALL_UNSYNCED_LOST : Kind.SOME_UNSYNCED_LOST, moment);
        }
    }

    /** Just behind an answer: the moment at which a promise that came too early is seen. */
    private long promise(Recording.Time time) {
        long[] answers = recording.promises().answers(time.begin(), time.end());
        return answers[random.nextInt(answers.length)];
    }

    private void cut(Kind kind, long moment) throws Exception {
        int count = recording.log().until(moment);
        Ledger ledger = recording.promises().at(recording.log().moment(count));
        Predicate<String> honest =
                program -> kind != Kind.POSTGRES_SYNCS_IGNORED || !program.equals("postgres");
        Survival survival = kind == Kind.SOME_UNSYNCED_LOST || kind == Kind.POSTGRES_SYNCS_IGNORED
                ? new Survival.Random(random.nextLong()) : new Survival.Nothing();
        Path image = settings.folder().resolve("cut-" + trials.size());
        recording.rebuild(Durability.of(recording.history(), count, honest), survival, image);
        List<String> violations = check(kind, image, ledger);
        trials.add(new Trial(kind, (moment - recording.sound().begin()) / 1_000_000, ledger.accepted(), ledger.deletions(), violations));
        System.out.println("power cut " + trials.size() + ": " + trials.getLast());
        if (violations.isEmpty() || !kind.isSound()) {
            Copies.delete(image);
        }
    }

    private static List<String> check(Kind kind, Path image, Ledger ledger) throws IOException, SQLException {
        // The services themselves refuse topics that are not synced.
        Map<String, String> configuration = kind.isSound() ? Map.of() : Map.of("postbus.events.verify", "false");
        RunningPlatform platform = RunningPlatform.launch(image, configuration);
        try {
            Verification verification = new Verification(platform, ledger);
            if (!kind.isSound()) {
                // Services that miss what they have read already are never ready; what is in the maildrops can be read.
                platform.awaitReady(READY_WITHIN_WHEN_LOST);
                return verification.broken(ARRIVES_WITHIN_WHEN_LOST);
            }
            if (!platform.awaitReady(READY_WITHIN)) {
                return List.of("not ready: " + platform.printed());
            }
            verification.endLeases();
            return verification.all(ARRIVES_WITHIN);
        } finally {
            platform.kill(false);
            endAllIn(image);
        }
    }

    /** PostgreSQL outlives a platform that could not start; each of its processes works in its data folder. */
    private static void endAllIn(Path image) throws IOException {
        Path folder = image.toRealPath();
        List<ProcessHandle> processes = ProcessHandle.allProcesses().filter(process -> worksBelow(process, folder)).toList();
        processes.forEach(ProcessHandle::destroyForcibly);
        processes.forEach(process -> process.onExit().join());
    }

    private static boolean worksBelow(ProcessHandle process, Path folder) {
        try {
            return Files.readSymbolicLink(Path.of("/proc", String.valueOf(process.pid()), "cwd")).startsWith(folder);
        } catch (IOException e) {
            return false; // it has ended
        }
    }
}
