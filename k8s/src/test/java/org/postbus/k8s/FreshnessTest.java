package org.postbus.k8s;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** What is rendered beside each overlay is what Kustomize makes of it, where there is one that knows components. */
class FreshnessTest {

    static final List<String> OVERLAYS = Manifests.OVERLAYS;

    private static final Pattern VERSION = Pattern.compile("[vV](\\d+)\\.(\\d+)");
    private static final int PATIENCE_SECONDS = 60;

    @ParameterizedTest
    @FieldSource("OVERLAYS")
    void theRenderedOverlayIsFresh(String overlay, @TempDir Path folder) throws Exception {
        Optional<List<String>> kustomize = kustomize(folder);
        if (kustomize.isEmpty()) {
            System.out.println("Skipped: neither a kustomize of 5 nor a kubectl of 1.27 or later is here, so nobody looks whether "
                    + Manifests.rendered(overlay) + " is fresh");
        }
        assumeTrue(kustomize.isPresent(), "no kustomize");
        List<String> command = new ArrayList<>(kustomize.orElseThrow());
        command.add(Manifests.folder(overlay).toString());
        assertEquals(Files.readString(Manifests.rendered(overlay)), run(folder, command).orElseThrow(),
                () -> "make it anew: kubectl kustomize k8s/overlays/" + overlay + " > k8s/" + Manifests.rendered(overlay));
    }

    private static Optional<List<String>> kustomize(Path folder) throws Exception {
        if (run(folder, List.of("kustomize", "version")).filter(printed -> isAtLeast(printed, 5, 0)).isPresent()) {
            return Optional.of(List.of("kustomize", "build"));
        }
        return run(folder, List.of("kubectl", "version", "--client")).filter(printed -> isAtLeast(printed, 1, 27))
                .map(found -> List.of("kubectl", "kustomize"));
    }

    private static boolean isAtLeast(String printed, int major, int minor) {
        Optional<MatchResult> version = VERSION.matcher(printed).results().findFirst();
        return version.filter(found -> Integer.parseInt(found.group(1)) > major
                || Integer.parseInt(found.group(1)) == major && Integer.parseInt(found.group(2)) >= minor).isPresent();
    }

    /** What it prints; empty where it is not there or fails. */
    private static Optional<String> run(Path folder, List<String> command) throws Exception {
        Path out = folder.resolve("out");
        try {
            Process process = new ProcessBuilder(command).redirectOutput(out.toFile())
                    .redirectError(ProcessBuilder.Redirect.DISCARD).start();
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError(command + " does not end");
            }
            return process.exitValue() == 0 ? Optional.of(Files.readString(out)) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
