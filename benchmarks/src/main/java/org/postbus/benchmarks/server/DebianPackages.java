package org.postbus.benchmarks.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Postfix and Dovecot from the distribution. */
public final class DebianPackages {

    private static final List<Path> PROGRAMS = List.of(
            Path.of("/usr/sbin/postfix"), Path.of("/usr/sbin/dovecot"),
            Path.of("/usr/lib/dovecot/pop3"), Path.of("/usr/lib/dovecot/lmtp"));
    private static final List<String> PACKAGES = List.of("postfix", "dovecot-pop3d", "dovecot-lmtpd");
    /** Where it says no, installing a package starts no service. */
    private static final Path POLICY = Path.of("/usr/sbin/policy-rc.d");

    private DebianPackages() {}

    /** Installs what is missing. Returns why that cannot be, or nothing if all is there. */
    public static Optional<String> install() throws InterruptedException {
        if (!"root".equals(System.getProperty("user.name"))) {
            return Optional.of("private instances of Postfix and Dovecot need root");
        }
        if (PROGRAMS.stream().allMatch(Files::exists)) {
            return Optional.empty();
        }
        if (!Files.isExecutable(Path.of("/usr/bin/apt-get"))) {
            return Optional.of("Postfix or Dovecot is missing, and there is no apt-get to install it");
        }
        System.out.println("installing " + String.join(", ", PACKAGES) + " (no service of theirs is started) ...");
        try {
            withoutStartingServices();
        } catch (IOException e) {
            return Optional.of("Postfix and Dovecot could not be installed: " + e.getMessage());
        }
        return PROGRAMS.stream().filter(program -> !Files.exists(program)).findFirst().map(program -> program + " is missing");
    }

    private static void withoutStartingServices() throws IOException, InterruptedException {
        boolean ours = !Files.exists(POLICY);
        if (ours) {
            Files.writeString(POLICY, "#!/bin/sh\nexit 101\n");
            Files.setPosixFilePermissions(POLICY, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        try {
            Map<String, String> quietly = Map.of("DEBIAN_FRONTEND", "noninteractive");
            Program.run(quietly, List.of("apt-get", "update", "-qq"));
            List<String> words = new ArrayList<>(List.of("apt-get", "install", "-y", "-qq", "--no-install-recommends"));
            words.addAll(PACKAGES);
            Program.run(quietly, words);
        } finally {
            if (ours) {
                Files.deleteIfExists(POLICY);
            }
        }
    }
}
