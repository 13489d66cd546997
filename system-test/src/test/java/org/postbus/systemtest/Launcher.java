package org.postbus.systemtest;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** The script {@code postbus} at the top of the source tree. */
public final class Launcher {

    private static final List<Integer> PORTS = List.of(2525, 2587, 2465, 2110, 2995, 8080, 2192, 2193, 2432);

    /** What a command printed, standard error included, and how it ended. */
    public record Result(int status, String output) {}

    private Launcher() {}

    /** The launcher with these arguments and the JDK of this test. */
    static ProcessBuilder command(String... arguments) {
        List<String> command = new ArrayList<>(List.of(SourceTree.root().resolve("postbus").toString()));
        command.addAll(Arrays.asList(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        return builder;
    }

    public static Result run(List<String> command) {
        return run(new ProcessBuilder(command));
    }

    /** Runs to the end, at most 120 s. */
    public static Result run(ProcessBuilder command) {
        try {
            Process process = command.redirectErrorStream(true).start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(120, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError(command.command() + " did not end: " + output);
            }
            return new Result(process.exitValue(), output);
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** A port offset with which every port of the platform is free, and in this JVM's share. */
    static int freeOffset() {
        while (true) {
            int offset = ThreadLocalRandom.current().nextInt(Ports.FIRST - Collections.min(PORTS), Ports.END - Collections.max(PORTS));
            if (PORTS.stream().allMatch(port -> isFree(port + offset))) {
                return offset;
            }
        }
    }

    /** Whether nobody listens there on loopback. */
    public static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
