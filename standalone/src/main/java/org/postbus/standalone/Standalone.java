package org.postbus.standalone;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.postbus.embedded.EmbeddedServerException;
import org.postbus.events.ThisMachine;

/**
 * The whole platform in one process: the embedded servers first, then the four services, and the reverse at the end.
 */
@QuarkusMain
public final class Standalone {

    private Standalone() {}

    /**
     * {@code up [options]} runs until SIGINT or SIGTERM; {@code demo [options]} speaks to one that runs; {@code
     * warm-up [options]} is an up that ends by itself after a demo and a rehearsal, for the JVM to learn which classes and methods that takes. Exit
     * status 0 is a clean end, 1 a refusal with one line on standard error.
     */
    public static void main(String[] arguments) {
        try {
            List<String> words = Arrays.asList(arguments);
            String command = words.isEmpty() ? "up" : words.getFirst();
            Options options = Options.parse(words.subList(Math.min(1, words.size()), words.size()));
            System.exit(switch (command) {
                case "up" -> up(options, () -> {});
                case "demo" -> new Demo(options).run();
                case "warm-up" -> up(options.withDemo(), () -> demoAndEnd(options));
                default -> throw new Refusal("unknown command " + command);
            });
        } catch (Refusal | EmbeddedServerException e) {
            System.err.println("postbus: " + e.getMessage());
            System.exit(1);
        } catch (IOException e) {
            System.err.println("postbus: " + e);
            System.exit(1);
        }
    }

    private static int up(Options options, Runnable whenReady) throws IOException {
        EndSignal end = EndSignal.watch();
        try (DataFolder data = DataFolder.open(options.data())) {
            Servers.stopLeftBehind(data, options);
            Port.requireAllFree(options);
            SelfSignedCertificate.makeUnlessPresent(data, ThisMachine.hostname());
            try (Servers servers = Servers.start(data, options)) {
                if (end.given()) {
                    return 0;
                }
                Configuration.apply(data, options, servers);
                Platform.given(data, options, end, whenReady);
                return runServices(data);
            }
        }
    }

    /** Returns the exit status once the services have drained: the servers that they use still run until then. */
    private static int runServices(DataFolder data) {
        int[] status = {1};
        Quarkus.run(Platform.class, (code, failure) -> {
            status[0] = code;
            if (failure != null) {
                System.err.println("postbus: the services cannot start: " + rootCause(failure)
                        + " (see " + data.path("logs/postbus.log") + ")");
            }
        });
        return status[0];
    }

    private static void demoAndEnd(Options options) {
        try {
            new Demo(options).run();
            new Rehearsal(options).run();
        } catch (IOException e) {
            throw new Refusal(e.getMessage(), e);
        }
        Quarkus.asyncExit(0);
    }

    private static Throwable rootCause(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }
}
