package org.postbus.standalone;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;

/** Runs while the services run: says when they are ready, then waits for the end. */
public final class Platform implements QuarkusApplication {

    private static final Duration READY_WITHIN = Duration.ofSeconds(120);

    private record Start(DataFolder data, Options options) {}

    /** Quarkus makes the instance, from a class; main tells it what it needs through here. */
    private static Start start;

    static void given(DataFolder data, Options options) {
        start = new Start(data, options);
    }

    @Override
    public int run(String... arguments) throws IOException, InterruptedException {
        AdminApi api = new AdminApi(start.options(), start.data().path("admin-token"));
        api.awaitReady(READY_WITHIN);
        for (Port port : new Port[] {Port.SMTP, Port.POP3, Port.HTTP}) {
            System.out.printf("%-5s %s:%d%n", port, start.options().bind(), port.number(start.options()));
        }
        System.out.println("admin token in " + start.data().path("admin-token"));
        if (start.options().demo()) {
            DemoDomain.make(start.data(), api).print(start.options());
        }
        long started = ManagementFactory.getRuntimeMXBean().getStartTime();
        System.out.printf("ready in %.1f s%n", (System.currentTimeMillis() - started) / 1000.0);
        Quarkus.waitForExit();
        return 0;
    }
}
