package org.postbus.embedded;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Runs PostgreSQL's programs. They refuse to run as root; then each runs in a user namespace of its own, where it is
 * nobody and has no capability, while the kernel still lets it at the files that root owns.
 */
final class PostgresPrograms {

    private final Path home;
    private final boolean root;

    PostgresPrograms(Path home) {
        this.home = home;
        this.root = "root".equals(System.getProperty("user.name"));
        if (root) {
            requireUserNamespaces();
        }
    }

    /** The command line of a program, without the shell. */
    List<String> command(String program, List<String> arguments) {
        List<String> command = new ArrayList<>();
        if (root) {
            command.addAll(List.of("unshare", "--user"));
        }
        command.add(home.resolve("bin").resolve(program).toString());
        command.addAll(arguments);
        return command;
    }

    /**
     * Runs a program to its end, at most 120 s, and returns what it wrote.
     *
     * @throws EmbeddedServerException it ended with an error, its words included
     */
    String run(String program, List<String> arguments) throws IOException, InterruptedException {
        return run(command(program, arguments), program);
    }

    private static String run(List<String> command, String name) throws IOException, InterruptedException {
        Path output = Files.createTempFile("postbus-" + name, ".log");
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            process.getOutputStream().close();
            boolean ended = process.waitFor(120, TimeUnit.SECONDS);
            String words = Files.readString(output, StandardCharsets.UTF_8).strip();
            if (!ended) {
                process.destroyForcibly();
                throw new EmbeddedServerException(name + " did not end within 120 s: " + words);
            }
            if (process.exitValue() != 0) {
                throw new EmbeddedServerException(name + " ended with " + process.exitValue() + ": " + words);
            }
            return words;
        } finally {
            Files.deleteIfExists(output);
        }
    }

    private static void requireUserNamespaces() {
        String advice = "PostgreSQL does not run as root, and this machine does not let root drop its rights by"
                + " `unshare --user` (it needs user namespaces and uid 65534 in /etc/passwd);"
                + " run postbus as an ordinary user";
        try {
            // initdb and postgres look up the name of the user that they run as.
            run(List.of("unshare", "--user", "id", "--user", "--name"), "unshare");
        } catch (IOException | EmbeddedServerException e) {
            throw new EmbeddedServerException(advice, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EmbeddedServerException("interrupted", e);
        }
    }
}
